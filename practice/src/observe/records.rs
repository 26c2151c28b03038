//! The records of all requests, and what is derived from them. Times count from the server's start.

use super::agent::Client;
use super::attempts::Attempts;
use super::experiment::{Experiment, Experiments};
use super::kept::{Kept, KeptRun, PAUSE};
use super::names::Names;
use super::observed::{LoggedRequest, Observed};
use super::progress::{Progress, Report};
use super::recent::Recent;
use super::rule_change::{RuleChange, RuleChanges};
use super::run::{Bar, RequestKind, Run};
use crate::limits::{MAX_LOGGED_AGENT_BYTES, MAX_LOGGED_REQUESTS, MAX_RUNS, MAX_TARGET_BYTES};
use serde::Serialize;
use serde_json::Value;
use std::mem;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::Instant;

/// The record of a request.
#[expect(clippy::struct_excessive_bools, reason = "they are independent")]
struct Record {
    logged: LoggedRequest,
    kind: RequestKind,
    /// Whether it counts toward `images_in_flight` while it is in flight.
    counts_as_image: bool,
    /// The id of the request's run, and its lane there. `None` if it belongs to no run.
    slot: Option<(usize, usize)>,
    responded: Option<Duration>,
    /// Whether it has waited for a start that has not come yet. It has no bar.
    waits: bool,
    /// 0 until there is a response.
    status: u16,
    /// Bytes of the body that are sent.
    bytes: usize,
    complete: bool,
    /// Whether it changed since the last frame.
    changed: bool,
}

/// All records.
pub struct Records {
    started: Instant,
    /// What `now` was at the start: later than all that is kept from earlier sessions.
    began: Duration,
    log: Recent<Record>,
    runs: Recent<Run>,
    experiments: Experiments,
    rule_changes: RuleChanges,
    names: Names,
    progress: Progress,
    pub attempts: Attempts,
    totals: Totals,
    /// Image requests in flight, except those that are refused.
    pub images_in_flight: usize,
    pub connections: usize,
    retries: usize,
}

/// Totals of all clients.
#[derive(Clone, Default, Serialize)]
pub struct Totals {
    in_flight: usize,
    /// The maximum since the start of the server.
    peak: usize,
    /// The maximum since the start of the experiment.
    experiment_peak: usize,
    requests: usize,
    /// Bytes of all bodies.
    bytes: usize,
    /// Responses with an error status, and those that were given up.
    failures: usize,
}

/// What the live view shows: everything, or what changed since the last frame.
#[derive(Serialize)]
pub struct Snapshot {
    /// Milliseconds since the server's start.
    now: u64,
    totals: Totals,
    experiments: Vec<Experiment>,
    rule_changes: Vec<RuleChange>,
    /// Runs that wait for their start.
    #[serde(skip)]
    pub waiting: usize,
    /// Increases with each change of the progress in the exercises; 0 if there is none.
    progress: usize,
    /// Runs with lower ids are forgotten.
    first_run: usize,
    runs: Vec<RunSnapshot>,
}

/// A run, with the bars of its lane chart.
#[derive(Serialize)]
struct RunSnapshot {
    id: usize,
    #[serde(flatten)]
    run: Run,
    bars: Vec<Bar>,
}

impl Records {
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            began: Duration::ZERO,
            log: Recent::new(MAX_LOGGED_REQUESTS),
            runs: Recent::new(MAX_RUNS),
            experiments: Experiments::after(Vec::new(), 1, 0),
            rule_changes: RuleChanges::new(),
            names: Names::default(),
            progress: Progress::default(),
            attempts: Attempts::default(),
            totals: Totals::default(),
            images_in_flight: 0,
            connections: 0,
            retries: 0,
        }
    }

    /// Records a request. Returns its id and its attempt (see [`LoggedRequest::attempt`]).
    pub fn arrived(
        &mut self,
        target: &str,
        client: &Client,
        kind: RequestKind,
        from: SocketAddr,
        is_head: bool,
    ) -> (usize, usize) {
        let now = self.now();
        let target = &target[..target.floor_char_boundary(MAX_TARGET_BYTES)];
        let user_agent = &client.user_agent;
        let user_agent = &user_agent[..user_agent.floor_char_boundary(MAX_LOGGED_AGENT_BYTES)];
        let is_image = kind == RequestKind::Image;
        let attempt = if is_image { self.attempts.count(client, target) } else { 0 };
        self.retries += usize::from(attempt > 1);
        self.images_in_flight += usize::from(is_image);
        self.totals.requests += 1;
        self.totals.in_flight += 1;
        for peak in [&mut self.totals.peak, &mut self.totals.experiment_peak] {
            *peak = (*peak).max(self.totals.in_flight);
        }
        let id = self.log.next_id();
        let slot = self.slot(client, kind, milliseconds(now));
        let forgotten = self.log.push(Record {
            logged: LoggedRequest {
                target: target.to_owned(),
                user_agent: user_agent.to_owned(),
                from,
                is_head,
                arrived: now,
                finished: None,
                status: 0,
                complete: false,
                attempt,
            },
            kind,
            counts_as_image: is_image,
            slot,
            responded: None,
            waits: false,
            status: 0,
            bytes: 0,
            complete: true,
            changed: true,
        });
        // A request that is still in flight after `MAX_LOGGED_REQUESTS` others counts as given up.
        if let Some(record) = forgotten.filter(|record| record.logged.finished.is_none()) {
            self.count_finished(record.counts_as_image, record.slot, true, now);
        }
        (id, attempt)
    }

    /// The client's newest run, or a new one, and the lowest free lane there. `None` if the request
    /// belongs to no run.
    fn slot(&mut self, client: &Client, kind: RequestKind, now: u64) -> Option<(usize, usize)> {
        let newest = self.runs.iter().rfind(|(_, run)| run.client == *client);
        let id = match newest {
            Some((id, run)) if run.includes(kind, now) => id,
            _ if kind == RequestKind::Album => {
                drop(self.runs.push(Run::new(client, now)));
                self.runs.next_id() - 1
            }
            _ => return None,
        };
        Some((id, self.runs.get_mut(id)?.arrived()))
    }

    /// Records that the request will be refused. It no longer counts as an image in flight.
    pub fn refused(&mut self, id: usize) {
        let Some(record) = self.log.get_mut(id) else { return };
        self.images_in_flight -= usize::from(mem::take(&mut record.counts_as_image));
    }

    /// Records that the request's run waits for its start.
    pub fn waits(&mut self, id: usize) {
        let Some(record) = self.log.get_mut(id) else { return };
        (record.waits, record.complete) = (true, false);
        if let Some(run) = record.slot.and_then(|(run, _)| self.runs.get_mut(run)) {
            run.waits = true;
            run.touch();
        }
    }

    /// Records that the request's run starts now, as if the request arrived now.
    pub fn starts(&mut self, id: usize) {
        let now = self.now();
        let Some(record) = self.log.get_mut(id) else { return };
        (record.waits, record.complete, record.changed) = (false, true, true);
        (record.logged.arrived, record.responded) = (now, Some(now));
        if let Some(run) = record.slot.and_then(|(run, _)| self.runs.get_mut(run)) {
            run.starts(milliseconds(now));
        }
    }

    /// Runs that wait for their start.
    pub fn waiting(&self) -> usize {
        self.runs.iter().filter(|(_, run)| run.waits).count()
    }

    /// Records that the status and headers are sent.
    pub fn responded(&mut self, id: usize, status: u16) {
        let now = self.now();
        let Some(record) = self.log.get_mut(id) else { return };
        (record.responded, record.status, record.changed) = (Some(now), status, true);
        if let Some(run) = record.slot.and_then(|(run, _)| self.runs.get_mut(run)) {
            run.responded(record.kind, status);
        }
    }

    /// Records that `bytes` bytes of a body are sent. `complete` says whether they are the last
    /// ones.
    pub fn sent(&mut self, id: usize, bytes: usize, complete: bool) {
        self.totals.bytes += bytes;
        let Some(record) = self.log.get_mut(id) else { return };
        record.complete = complete;
        record.bytes += bytes;
        if let Some(run) = record.slot.and_then(|(run, _)| self.runs.get_mut(run)) {
            run.sent(bytes);
        }
    }

    /// Records that a response is complete or given up.
    pub fn finished(&mut self, id: usize) {
        let now = self.now();
        let Some(record) = self.log.get_mut(id) else { return };
        (record.logged.finished, record.changed) = (Some(now), true);
        // Without a status, the client disconnected before the response.
        record.complete &= record.status > 0;
        let (counts_as_image, slot) = (record.counts_as_image, record.slot);
        // A client that leaves no longer waits.
        if let Some(run) = slot.filter(|_| record.waits).and_then(|(run, _)| self.runs.get_mut(run))
        {
            run.waits = false;
        }
        let failed = !record.complete || record.status >= 400;
        self.count_finished(counts_as_image, slot, failed, now);
    }

    fn count_finished(
        &mut self,
        counts_as_image: bool,
        slot: Option<(usize, usize)>,
        failed: bool,
        now: Duration,
    ) {
        self.totals.failures += usize::from(failed);
        self.totals.in_flight -= 1;
        self.images_in_flight -= usize::from(counts_as_image);
        let Some((run, lane)) = slot else { return };
        if let Some(run) = self.runs.get_mut(run) {
            run.finished(lane, failed, milliseconds(now));
        }
    }

    /// Ends the current experiment, whose last rules are given, and begins another one. Runs that are
    /// still going stay in theirs.
    pub fn begin_experiment(&mut self, title: &str, last_rules: Value) {
        let first_run = self.experiments.current().first_run;
        for id in first_run..self.runs.next_id() {
            // Its experiment gets its last rules.
            if let Some(run) = self.runs.get_mut(id) {
                run.touch();
            }
        }
        self.experiments.begin(title, self.runs.next_id(), last_rules);
        self.totals.experiment_peak = self.totals.in_flight;
    }

    /// Records a change of the rules, which is given in words.
    pub fn rules_changed(&mut self, words: String) {
        self.rule_changes.add(milliseconds(self.now()), words);
    }

    /// Changes which names are shown, everywhere.
    pub fn rename<T>(&mut self, change: impl FnOnce(&mut Names) -> T) -> T {
        self.runs.iter_mut().for_each(Run::touch);
        self.progress.revision += 1;
        change(&mut self.names)
    }

    /// Adds a report about a submission. The error is a message for its sender.
    pub fn report(&mut self, report: &Report) -> Result<(), &'static str> {
        self.progress.add(report)
    }

    /// The progress of the class in the exercises, as pages show it.
    pub fn progress(&self) -> Value {
        self.progress.to_json(&self.names)
    }

    /// Removes a run from what pages show, or brings it back. Returns false if it is forgotten.
    pub fn remove_run(&mut self, id: usize, removed: bool) -> bool {
        let Some(run) = self.runs.get_mut(id) else { return false };
        run.removed = removed;
        run.touch();
        true
    }

    /// A run as pages show it.
    fn shown(&self, run: &Run) -> Run {
        let mut run = run.clone();
        let own = run.student();
        let shown = self.names.shown(&own);
        if shown != own {
            run.agent.name = Some(shown.to_owned());
        }
        run
    }

    /// Adds experiments of earlier sessions, and begins another one with this number. Nothing has
    /// been recorded yet.
    pub fn load(&mut self, all: Vec<Kept>, number: usize) {
        let mut earlier = Vec::new();
        for Kept { number, title, rules, runs } in all {
            let first_run = self.runs.next_id();
            earlier.push(Experiment { number, title, first_run, rules: Some(rules) });
            for KeptRun { mut run, bars } in runs {
                self.began = self.began.max(Duration::from_millis(run.end(bars)) + PAUSE);
                self.names.skip(&run.student());
                drop(self.runs.push(run));
            }
        }
        self.experiments = Experiments::after(earlier, number, self.runs.next_id());
    }

    /// The experiments that have changed since the last call. `rules` are the current ones. An earlier
    /// experiment some of whose runs are forgotten is left as it was saved.
    pub fn unsaved(&mut self, rules: &Value) -> Vec<Kept> {
        if !self.runs.iter().any(|(_, run)| run.unsaved) {
            return Vec::new();
        }
        let (experiments, bars) = (self.experiments.all(), self.bars(|_| true));
        let mut unsaved = Vec::new();
        for (index, experiment) in experiments.iter().enumerate() {
            let next = experiments.get(index + 1).map(|next| next.first_run);
            let ids = experiment.first_run..next.unwrap_or(usize::MAX);
            let is_whole = next.is_none() || experiment.first_run >= self.runs.first_id();
            let runs = || self.runs.iter().zip(&bars).filter(|((id, _), _)| ids.contains(id));
            if is_whole && runs().any(|((_, run), _)| run.unsaved) {
                let runs = runs().map(|((_, run), bars)| KeptRun::new(self.shown(run), bars));
                unsaved.push(Kept {
                    number: experiment.number,
                    title: experiment.title.clone(),
                    rules: experiment.rules.as_ref().unwrap_or(rules).clone(),
                    runs: runs.collect(),
                });
            }
        }
        self.runs.iter_mut().for_each(|run| run.unsaved = false);
        unsaved
    }

    /// Makes [`unsaved`](Self::unsaved) return everything again.
    pub fn not_saved(&mut self) {
        self.runs.iter_mut().for_each(|run| run.unsaved = true);
    }

    /// The time since the start of the server, and of its earlier sessions.
    pub fn now(&self) -> Duration {
        self.began + self.started.elapsed()
    }

    /// Requests in flight at this moment.
    pub fn in_flight(&self) -> usize {
        self.totals.in_flight
    }

    pub fn observed(&self) -> Observed {
        Observed {
            in_flight: self.totals.in_flight,
            peak_in_flight: self.totals.peak,
            connections: self.connections,
            requests: self.totals.requests,
            retries: self.retries,
            log: self.log.iter().map(|(_, record)| record.logged()).collect(),
        }
    }

    /// What changed since the last call of this function.
    pub fn changes(&mut self) -> Snapshot {
        let snapshot = self.snapshot(|changed| changed);
        self.runs.iter_mut().for_each(|run| run.changed = false);
        self.log.iter_mut().for_each(|record| record.changed = false);
        self.rule_changes.sent();
        snapshot
    }

    /// Everything.
    pub fn all(&self) -> Snapshot {
        self.snapshot(|_| true)
    }

    /// For each run, its bars for which `is_wanted(changed)` holds.
    fn bars(&self, is_wanted: impl Fn(bool) -> bool) -> Vec<Vec<Bar>> {
        let earlier = |run: &Run| if is_wanted(false) { run.earlier_bars.to_vec() } else { vec![] };
        let mut bars: Vec<Vec<Bar>> = self.runs.iter().map(|(_, run)| earlier(run)).collect();
        for (id, record) in self.log.iter().filter(|(_, record)| is_wanted(record.changed)) {
            let Some((run, lane)) = record.slot.filter(|_| !record.waits) else { continue };
            if let Some(index) = run.checked_sub(self.runs.first_id()) {
                bars[index].push(record.bar(id, lane));
            }
        }
        bars
    }

    /// The runs and bars for which `is_wanted(changed)` holds.
    fn snapshot(&self, is_wanted: impl Fn(bool) -> bool) -> Snapshot {
        let bars = self.bars(&is_wanted);
        let runs = self.runs.iter().zip(bars).filter(|((_, run), _)| is_wanted(run.changed));
        let runs = runs.map(|((id, run), bars)| RunSnapshot { id, run: self.shown(run), bars });
        Snapshot {
            now: milliseconds(self.now()),
            totals: self.totals.clone(),
            experiments: self.experiments.all(),
            rule_changes: self.rule_changes.filter(&is_wanted),
            waiting: self.waiting(),
            progress: self.progress.revision,
            first_run: self.runs.first_id(),
            runs: runs.collect(),
        }
    }
}

impl Record {
    fn logged(&self) -> LoggedRequest {
        let (status, complete) = (self.status, self.complete && self.logged.finished.is_some());
        LoggedRequest { status, complete, ..self.logged.clone() }
    }

    fn bar(&self, id: usize, lane: usize) -> Bar {
        let arrived = milliseconds(self.logged.arrived);
        let [responded, finished] =
            [self.responded, self.logged.finished].map(|time| time.map(milliseconds));
        let (attempt, bytes, name) = (self.logged.attempt, self.bytes, self.name().to_owned());
        Bar(
            id,
            lane,
            arrived,
            responded,
            finished,
            self.status,
            self.complete,
            attempt,
            bytes,
            name,
        )
    }

    /// The file name of an image, or the path of anything else.
    fn name(&self) -> &str {
        let target = self.logged.target.as_str();
        match (self.kind, target.rsplit_once('/')) {
            (RequestKind::Image, Some((_, name))) => name,
            _ => target,
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tokio::time::advance;

    fn client(address: u32, user_agent: &str) -> Client {
        Client::new(std::net::Ipv4Addr::from_bits(address).into(), user_agent)
    }

    /// Records whose times are in milliseconds.
    struct Case(Records);

    impl Case {
        fn new() -> Self {
            Self(Records::new())
        }

        /// Advances the clock to this time, in milliseconds.
        async fn at(&mut self, now: u64) -> &mut Self {
            let now = self.0.started + Duration::from_millis(now);
            advance(now - Instant::now()).await;
            self
        }

        fn arrived(&mut self, client: &Client, kind: RequestKind) -> usize {
            let from = (std::net::Ipv4Addr::LOCALHOST, 1).into();
            let target = if kind == RequestKind::Image { "/PdA9Amq/1.png" } else { "/3/album/a" };
            self.0.arrived(target, client, kind, from, false).0
        }

        /// Whether the request belongs to a run.
        fn has_run(&mut self, id: usize) -> bool {
            self.0.log.get_mut(id).unwrap().slot.is_some()
        }

        fn all(&self) -> Vec<Value> {
            Self::runs(&self.0.all())
        }

        fn changes(&mut self) -> Vec<Value> {
            Self::runs(&self.0.changes())
        }

        fn runs(snapshot: &Snapshot) -> Vec<Value> {
            snapshot.runs.iter().map(|run| serde_json::to_value(run).unwrap()).collect()
        }

        /// A run of `images` images, one after another.
        fn run(&mut self, client: &Client, images: usize) {
            for index in 0..=images {
                let kind = if index == 0 { RequestKind::Album } else { RequestKind::Image };
                let id = self.arrived(client, kind);
                self.0.responded(id, 200);
                self.0.finished(id);
            }
        }

        /// A request for an album. With `None`, the client leaves before a response.
        fn album(&mut self, client: &Client, status: Option<u16>) {
            let id = self.arrived(client, RequestKind::Album);
            if let Some(status) = status {
                self.0.responded(id, status);
            }
            self.0.finished(id);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_begins_with_an_album_and_its_requests_share_lanes() {
        let (mut case, anna) = (Case::new(), client(1, "02-threads/1 (workers=2; name=Anna)"));
        let before = case.at(0).await.arrived(&anna, RequestKind::Other);
        assert!(!case.has_run(before), "no run has begun");
        case.at(0).await.0.finished(before);
        case.at(10).await.album(&anna, Some(503));
        case.at(30).await.album(&anna, Some(200));
        let first = case.at(40).await.arrived(&anna, RequestKind::Image);
        let second = case.at(41).await.arrived(&anna, RequestKind::Image);
        case.at(50).await.0.responded(first, 200);
        case.0.sent(first, 700, true);
        case.at(60).await.0.finished(first);
        let third = case.at(61).await.arrived(&anna, RequestKind::Image);
        case.at(62).await.0.finished(third);
        let expected = json!([{
            "id": 0, "program": "02-threads", "name": "Anna", "workers": 2, "address": "0.0.0.1",
            "began": 10, "last": 62, "waits": false, "in_flight": 1, "peak": 2,
            "requests": 5, "failures": 2, "bytes": 700, "removed": false,
            "bars": [
                [1, 0, 10, 10, 10, 503, true, 0, 0, "/3/album/a"],
                [2, 0, 30, 30, 30, 200, true, 0, 0, "/3/album/a"],
                [3, 0, 40, 50, 60, 200, true, 1, 700, "1.png"],
                [4, 1, 41, null, null, 0, true, 2, 0, "1.png"],
                [5, 0, 61, null, 62, 0, false, 3, 0, "1.png"],
            ],
        }]);
        assert_eq!(json!(case.all()), expected);
        case.at(70).await.0.finished(second);
        case.run(&anna, 1);
        assert_eq!(case.all().len(), 2, "another album begins another run");
    }

    #[tokio::test(start_paused = true)]
    async fn an_album_begins_a_run_unless_it_is_a_retry() {
        for (first, expected) in [
            (Some(408), 1),
            (Some(429), 1),
            (Some(503), 1),
            (Some(200), 2),
            (Some(403), 2),
            (Some(404), 2),
            // The client left, for example because of Ctrl-C.
            (None, 2),
        ] {
            let (mut case, anna) = (Case::new(), client(1, "01-sync/1"));
            case.at(10).await.album(&anna, first);
            case.at(4_000).await.album(&anna, Some(200));
            let runs = case.all();
            assert_eq!(runs.len(), expected, "{first:?}");
            let began = if expected == 2 { 4_000 } else { 10 };
            assert_eq!(runs.last().unwrap()["began"], began, "{first:?}");
        }
        // A client that tells its runs apart may also retry after a timeout.
        let (mut case, anna) = (Case::new(), client(1, "01-sync/1 (run=1)"));
        case.at(10).await.album(&anna, None);
        case.at(4_000).await.album(&anna, Some(200));
        case.at(4_000).await.album(&client(1, "01-sync/1 (run=2)"), Some(200));
        assert_eq!(case.all().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_image_begins_no_run_and_joins_none_that_has_ended() {
        let (mut case, curl) = (Case::new(), client(1, "curl/8"));
        let before = case.at(0).await.arrived(&curl, RequestKind::Image);
        assert!(!case.has_run(before));
        case.at(10).await.album(&curl, Some(200));
        let first = case.at(60_000).await.arrived(&curl, RequestKind::Image);
        let second = case.at(3_600_000).await.arrived(&curl, RequestKind::Image);
        for image in [first, second] {
            assert!(case.has_run(image), "the first one is in flight when the second arrives");
            case.at(3_600_000).await.0.finished(image);
        }
        let after = case.at(7_200_000).await.arrived(&curl, RequestKind::Image);
        assert!(!case.has_run(after));
        assert_eq!(case.all()[0]["last"], 3_600_000);
    }

    #[test]
    fn a_refused_image_is_in_flight_but_not_counted_as_an_image() {
        let (mut case, anna) = (Case::new(), client(1, "a"));
        let all = [(); 3].map(|()| case.arrived(&anna, RequestKind::Image));
        for (refused, in_flight) in [(all[0], 2), (all[1], 1), (all[1], 1)] {
            case.0.refused(refused);
            assert_eq!((case.0.images_in_flight, case.0.observed().in_flight), (in_flight, 3));
        }
        for (finished, in_flight) in [(all[0], 1), (all[2], 0), (all[1], 0)] {
            case.0.finished(finished);
            assert_eq!(case.0.images_in_flight, in_flight);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn changes_are_reported_once() {
        let (mut case, anna, ben) = (Case::new(), client(1, "a"), client(2, "b"));
        case.run(&anna, 2);
        case.run(&ben, 1);
        assert_eq!(case.all().len(), 2);
        assert_eq!(case.changes().len(), 2, "`all` does not count as a report");
        assert_eq!(case.changes().len(), 0);
        let image = case.at(9).await.arrived(&anna, RequestKind::Image);
        let changes = case.changes();
        let bars = json!([[5, 0, 9, null, null, 0, true, 3, 0, "1.png"]]);
        assert_eq!((changes.len(), &changes[0]["bars"]), (1, &bars));
        case.0.sent(image, 5, false);
        let changes = case.changes();
        assert_eq!((&changes[0]["bytes"], &changes[0]["bars"]), (&json!(5), &json!([])));
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_of_the_rules_is_reported_once() {
        let mut case = Case::new();
        case.at(70).await.0.rules_changed("latency 83 → 500 ms".to_owned());
        let expected = json!([{"id": 0, "at": 70, "words": "latency 83 → 500 ms"}]);
        assert_eq!(json!(case.0.changes().rule_changes), expected);
        assert_eq!(json!(case.0.changes().rule_changes), json!([]));
        assert_eq!(json!(case.0.all().rule_changes), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded_and_the_oldest_are_forgotten() {
        let (mut case, curl) = (Case::new(), client(1, "open"));
        let open = case.at(0).await.arrived(&curl, RequestKind::Album);
        for number in 0..=MAX_RUNS {
            case.run(&client(1, &format!("{number}")), 0);
        }
        assert_eq!((case.0.all().first_run, case.all().len()), (2, MAX_RUNS));
        case.run(&client(1, "many"), MAX_LOGGED_REQUESTS + 5);
        assert_eq!(
            case.all().last().unwrap()["bars"].as_array().unwrap().len(),
            MAX_LOGGED_REQUESTS
        );
        let observed = case.0.observed();
        assert_eq!((observed.log.len(), observed.in_flight), (MAX_LOGGED_REQUESTS, 0));
        // The request that was still in flight is forgotten.
        case.at(1).await.0.responded(open, 200);
        case.0.sent(open, 1, true);
        case.at(1).await.0.finished(open);
        assert_eq!((case.0.observed().in_flight, case.all().len()), (0, MAX_RUNS));
    }
}
