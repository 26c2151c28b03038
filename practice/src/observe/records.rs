//! The records of all requests, and what is derived from them. Times are since the server's start.

use super::agent::Client;
use super::attempts::Attempts;
use super::observed::{LoggedRequest, Observed};
use super::recent::Recent;
use super::run::{RequestKind, Run, RunFigures};
use crate::limits::{MAX_LOGGED_REQUESTS, MAX_RUNS, MAX_TARGET_BYTES};
use serde::Serialize;
use std::time::Duration;

/// The record of a request.
struct Record {
    logged: LoggedRequest,
    slot: Option<Slot>,
    responded: Option<Duration>,
    /// 0 until there is a response.
    status: u16,
    complete: bool,
    /// Whether it changed since the last frame.
    changed: bool,
}

/// The place of a request in the chart of its run.
#[derive(Clone, Copy)]
pub struct Slot {
    run: usize,
    lane: usize,
}

/// What is known of a request when it arrives.
pub struct Arrival {
    id: usize,
    /// The number of requests up to this one.
    pub requests: usize,
    /// None if the request belongs to no run.
    slot: Option<Slot>,
    /// Requests for images in flight, with this one. 0 if it is not for an image.
    pub images_in_flight: usize,
    /// See [`LoggedRequest::attempt`].
    pub attempt: usize,
}

/// All records.
pub struct Records {
    log: Recent<Record>,
    runs: Recent<Run>,
    attempts: Attempts,
    totals: Totals,
    pub images_in_flight: usize,
    pub connections: usize,
    retries: usize,
}

/// Totals of all clients.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct Totals {
    in_flight: usize,
    peak: usize,
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
    pub now: u64,
    pub totals: Totals,
    /// Runs with lower ids are forgotten.
    pub first_run: usize,
    pub runs: Vec<RunSnapshot>,
}

/// A run, with the bars of its lane chart.
#[derive(Serialize)]
pub struct RunSnapshot {
    id: usize,
    #[serde(flatten)]
    figures: RunFigures,
    bars: Vec<Bar>,
}

/// A bar in a lane chart: id, lane, arrived, responded, finished, status, complete. Times are in
/// milliseconds since the server's start.
#[derive(Serialize)]
struct Bar(usize, usize, u64, Option<u64>, Option<u64>, u16, bool);

impl Records {
    pub fn new() -> Self {
        Self {
            log: Recent::new(MAX_LOGGED_REQUESTS),
            runs: Recent::new(MAX_RUNS),
            attempts: Attempts::default(),
            totals: Totals::default(),
            images_in_flight: 0,
            connections: 0,
            retries: 0,
        }
    }

    /// Records a request.
    pub fn arrived(
        &mut self,
        target: &str,
        client: &Client,
        kind: RequestKind,
        now: Duration,
    ) -> Arrival {
        let target = &target[..target.floor_char_boundary(MAX_TARGET_BYTES)];
        let (mut attempt, mut images_in_flight) = (0, 0);
        if kind == RequestKind::Image {
            attempt = self.attempts.count(client, target);
            self.retries += usize::from(attempt > 1);
            self.images_in_flight += 1;
            images_in_flight = self.images_in_flight;
        }
        let slot = self.slot(client, kind, milliseconds(now));
        self.totals.requests += 1;
        self.totals.in_flight += 1;
        self.totals.peak = self.totals.peak.max(self.totals.in_flight);
        let id = self.log.push(Record {
            logged: LoggedRequest {
                target: target.to_owned(),
                user_agent: client.user_agent.clone(),
                arrived: now,
                finished: None,
                attempt,
            },
            slot,
            responded: None,
            status: 0,
            complete: true,
            changed: true,
        });
        Arrival { id, requests: self.totals.requests, slot, images_in_flight, attempt }
    }

    /// The lane of a request in its client's newest run, or in a new one.
    fn slot(&mut self, client: &Client, kind: RequestKind, now: u64) -> Option<Slot> {
        let newest = self.runs.iter().rfind(|(_, run)| run.client == *client);
        let run = match newest {
            Some((id, run)) if run.includes(kind, now) => id,
            _ if kind == RequestKind::Album => self.runs.push(Run::new(client, now)),
            _ => return None,
        };
        let lane = self.runs.get_mut(run)?.arrived();
        Some(Slot { run, lane })
    }

    fn run(&mut self, slot: Option<Slot>) -> Option<&mut Run> {
        self.runs.get_mut(slot?.run)
    }

    /// The client has listed an album: what it requested before is no earlier attempt.
    pub fn listed_album(&mut self, client: &Client) {
        self.attempts.reset(client);
    }

    /// The head of a response is sent.
    pub fn responded(&mut self, arrival: &Arrival, kind: RequestKind, status: u16, now: Duration) {
        if let Some(run) = self.run(arrival.slot) {
            run.responded(kind, status);
        }
        if let Some(record) = self.log.get_mut(arrival.id) {
            (record.responded, record.status, record.changed) = (Some(now), status, true);
        }
    }

    /// Bytes of a body are sent.
    pub fn sent(&mut self, arrival: &Arrival, bytes: usize) {
        self.totals.bytes += bytes;
        if let Some(run) = self.run(arrival.slot) {
            run.sent(bytes);
        }
    }

    /// A response is complete, or given up if not. `status` is 0 if there was none.
    pub fn finished(&mut self, arrival: &Arrival, status: u16, complete: bool, now: Duration) {
        let failed = !complete || !(1..400).contains(&status);
        self.totals.failures += usize::from(failed);
        self.totals.in_flight -= 1;
        self.images_in_flight -= usize::from(arrival.images_in_flight > 0);
        if let Some(Slot { lane, .. }) = arrival.slot
            && let Some(run) = self.run(arrival.slot)
        {
            run.finished(lane, failed, milliseconds(now));
        }
        if let Some(record) = self.log.get_mut(arrival.id) {
            record.logged.finished = Some(now);
            (record.complete, record.changed) = (complete, true);
        }
    }

    pub fn observed(&self) -> Observed {
        Observed {
            in_flight: self.totals.in_flight,
            peak_in_flight: self.totals.peak,
            connections: self.connections,
            requests: self.totals.requests,
            retries: self.retries,
            log: self.log.iter().map(|(_, record)| record.logged.clone()).collect(),
        }
    }

    /// What changed since the last call of this function.
    pub fn changes(&mut self, now: Duration) -> Snapshot {
        let snapshot = self.snapshot(now, |changed| changed);
        self.runs.iter_mut().for_each(|run| run.changed = false);
        self.log.iter_mut().for_each(|record| record.changed = false);
        snapshot
    }

    /// Everything.
    pub fn all(&self, now: Duration) -> Snapshot {
        self.snapshot(now, |_| true)
    }

    /// The runs and bars of which `is_wanted`, given whether they changed.
    fn snapshot(&self, now: Duration, is_wanted: impl Fn(bool) -> bool) -> Snapshot {
        let first_run = self.runs.first_id();
        let mut bars: Vec<Vec<Bar>> = self.runs.iter().map(|_| Vec::new()).collect();
        for (id, record) in self.log.iter().filter(|(_, record)| is_wanted(record.changed)) {
            let run = record.slot.and_then(|slot| slot.run.checked_sub(first_run));
            if let (Some(run), Some(slot)) = (run, record.slot) {
                bars[run].push(record.bar(id, slot.lane));
            }
        }
        let runs = self.runs.iter().zip(bars).filter(|((_, run), _)| is_wanted(run.changed));
        Snapshot {
            now: milliseconds(now),
            totals: self.totals.clone(),
            first_run,
            runs: runs
                .map(|((id, run), bars)| RunSnapshot { id, figures: run.figures.clone(), bars })
                .collect(),
        }
    }
}

impl Record {
    fn bar(&self, id: usize, lane: usize) -> Bar {
        Bar(
            id,
            lane,
            milliseconds(self.logged.arrived),
            self.responded.map(milliseconds),
            self.logged.finished.map(milliseconds),
            self.status,
            self.complete,
        )
    }
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn client(address: u32, user_agent: &str) -> Client {
        Client::new(std::net::Ipv4Addr::from_bits(address).into(), user_agent)
    }

    /// Records whose times are in milliseconds.
    struct Case(Records);

    impl Case {
        fn new() -> Self {
            Self(Records::new())
        }

        fn arrived(&mut self, client: &Client, kind: RequestKind, now: u64) -> Arrival {
            self.0.arrived("/", client, kind, Duration::from_millis(now))
        }

        fn responded(&mut self, arrival: &Arrival, kind: RequestKind, status: u16, now: u64) {
            self.0.responded(arrival, kind, status, Duration::from_millis(now));
        }

        fn finished(&mut self, arrival: &Arrival, status: u16, complete: bool, now: u64) {
            self.0.finished(arrival, status, complete, Duration::from_millis(now));
        }

        fn all(&self) -> Vec<Value> {
            Self::runs(&self.0.all(Duration::ZERO))
        }

        fn changes(&mut self) -> Vec<Value> {
            Self::runs(&self.0.changes(Duration::ZERO))
        }

        fn runs(snapshot: &Snapshot) -> Vec<Value> {
            snapshot.runs.iter().map(|run| serde_json::to_value(run).unwrap()).collect()
        }

        /// A run of so many images, one after another.
        fn run(&mut self, client: &Client, images: usize) {
            for index in 0..=images {
                let kind = if index == 0 { RequestKind::Album } else { RequestKind::Image };
                let arrival = self.arrived(client, kind, 1);
                self.responded(&arrival, kind, 200, 2);
                self.finished(&arrival, 200, true, 3);
            }
        }

        /// A request for an album; `None` is one that breaks off without a response.
        fn album(&mut self, client: &Client, status: Option<u16>, now: u64) {
            let arrival = self.arrived(client, RequestKind::Album, now);
            if let Some(status) = status {
                self.responded(&arrival, RequestKind::Album, status, now);
            }
            self.finished(&arrival, status.unwrap_or(0), status.is_some(), now);
        }
    }

    #[test]
    fn a_run_begins_with_an_album_and_its_requests_share_lanes() {
        let (mut case, anna) = (Case::new(), client(1, "02-threads/1 (workers=2; name=Anna)"));
        let before = case.arrived(&anna, RequestKind::Other, 0);
        assert!(before.slot.is_none(), "no run has begun");
        case.finished(&before, 200, true, 0);
        case.album(&anna, Some(503), 10);
        case.album(&anna, Some(200), 30);
        let [first, second] = [40, 41].map(|now| case.arrived(&anna, RequestKind::Image, now));
        case.responded(&first, RequestKind::Image, 200, 50);
        case.0.sent(&first, 700);
        case.finished(&first, 200, true, 60);
        let third = case.arrived(&anna, RequestKind::Image, 61);
        case.finished(&third, 0, false, 62);
        let expected = json!([{
            "id": 0, "program": "02-threads", "name": "Anna", "workers": 2, "address": "0.0.0.1",
            "began": 10, "last": 62, "in_flight": 1, "peak": 2,
            "requests": 5, "failures": 2, "bytes": 700,
            "bars": [
                [1, 0, 10, 10, 10, 503, true],
                [2, 0, 30, 30, 30, 200, true],
                [3, 0, 40, 50, 60, 200, true],
                [4, 1, 41, null, null, 0, true],
                [5, 0, 61, null, 62, 0, false],
            ],
        }]);
        assert_eq!(json!(case.all()), expected);
        case.finished(&second, 200, true, 70);
        case.run(&anna, 1);
        assert_eq!(case.all().len(), 2, "another album begins another run");
    }

    #[test]
    fn an_album_begins_a_run_unless_it_is_a_retry() {
        for (first, expected) in [
            (Some(408), 1),
            (Some(429), 1),
            (Some(503), 1),
            (Some(200), 2),
            (Some(403), 2),
            (Some(404), 2),
            // Such as Ctrl-C.
            (None, 2),
        ] {
            let (mut case, anna) = (Case::new(), client(1, "01-sync/1"));
            case.album(&anna, first, 10);
            case.album(&anna, Some(200), 4_000);
            let runs = case.all();
            assert_eq!(runs.len(), expected, "{first:?}");
            let began = if expected == 2 { 4_000 } else { 10 };
            assert_eq!(runs.last().unwrap()["began"], began, "{first:?}");
        }
        // A client that tells its runs apart may also retry after a timeout.
        let (mut case, anna) = (Case::new(), client(1, "01-sync/1 (run=1)"));
        case.album(&anna, None, 10);
        case.album(&anna, Some(200), 4_000);
        case.album(&client(1, "01-sync/1 (run=2)"), Some(200), 4_000);
        assert_eq!(case.all().len(), 2);
    }

    #[test]
    fn an_image_begins_no_run_and_joins_none_that_has_ended() {
        let (mut case, curl) = (Case::new(), client(1, "curl/8"));
        assert!(case.arrived(&curl, RequestKind::Image, 0).slot.is_none());
        case.album(&curl, Some(200), 10);
        let images = [60_000, 3_600_000].map(|now| case.arrived(&curl, RequestKind::Image, now));
        for image in images {
            assert!(image.slot.is_some(), "the first one is in flight when the second arrives");
            case.finished(&image, 200, true, 3_600_000);
        }
        assert!(case.arrived(&curl, RequestKind::Image, 7_200_000).slot.is_none());
        assert_eq!(case.all()[0]["last"], 3_600_000);
    }

    #[test]
    fn changes_are_reported_once() {
        let (mut case, anna, ben) = (Case::new(), client(1, "a"), client(2, "b"));
        case.run(&anna, 2);
        case.run(&ben, 1);
        assert_eq!(case.all().len(), 2);
        assert_eq!(case.changes().len(), 2, "`all` does not count as a report");
        assert_eq!(case.changes().len(), 0);
        let image = case.arrived(&anna, RequestKind::Image, 9);
        let changes = case.changes();
        let bars = json!([[5, 0, 9, null, null, 0, true]]);
        assert_eq!((changes.len(), &changes[0]["bars"]), (1, &bars));
        case.0.sent(&image, 5);
        let changes = case.changes();
        assert_eq!((&changes[0]["bytes"], &changes[0]["bars"]), (&json!(5), &json!([])));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_are_forgotten() {
        let (mut case, curl) = (Case::new(), client(1, "open"));
        let open = case.arrived(&curl, RequestKind::Album, 0);
        for number in 0..=MAX_RUNS {
            case.run(&client(1, &format!("{number}")), 0);
        }
        assert_eq!((case.0.all(Duration::ZERO).first_run, case.all().len()), (2, MAX_RUNS));
        case.run(&client(1, "many"), MAX_LOGGED_REQUESTS + 5);
        assert_eq!(
            case.all().last().unwrap()["bars"].as_array().unwrap().len(),
            MAX_LOGGED_REQUESTS
        );
        let observed = case.0.observed();
        assert_eq!(observed.log.len(), MAX_LOGGED_REQUESTS);
        // The rest of a forgotten request of a forgotten run changes the totals alone.
        case.responded(&open, RequestKind::Album, 200, 1);
        case.0.sent(&open, 1);
        case.finished(&open, 200, true, 1);
        assert_eq!((observed.in_flight, case.0.observed().in_flight), (1, 0));
        assert_eq!(case.all().len(), MAX_RUNS);
    }
}
