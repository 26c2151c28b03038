//! The records of all requests, and what is derived from them. Times count from the server's start.

mod lesson;
mod sessions;
mod snapshot;

pub use snapshot::Snapshot;

use super::agent::Client;
use super::attempts::Attempts;
use super::experiment::Experiments;
use super::names::Names;
use super::observed::{LoggedRequest, Observed};
use super::progress::Progress;
use super::recent::Recent;
use super::rule_change::RuleChanges;
use super::run::{RequestKind, Run};
use crate::limits::{MAX_LOGGED_AGENT_BYTES, MAX_LOGGED_REQUESTS, MAX_RUNS, MAX_TARGET_BYTES};
use serde::Serialize;
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
            progress: Progress::new(),
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
        let slot = self.slot(client, kind, from, milliseconds(now));
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
    fn slot(
        &mut self,
        client: &Client,
        kind: RequestKind,
        from: SocketAddr,
        now: u64,
    ) -> Option<(usize, usize)> {
        let newest = self.runs.iter().rfind(|(_, run)| run.client == *client);
        let id = match newest {
            Some((id, run)) if run.includes(kind, now) => id,
            _ if kind == RequestKind::Album => {
                drop(self.runs.push(Run::new(client, now)));
                self.runs.next_id() - 1
            }
            _ => return None,
        };
        Some((id, self.runs.get_mut(id)?.arrived(from)))
    }

    /// Records that a connection is closed.
    pub fn closed(&mut self, from: SocketAddr) {
        self.runs.iter_mut().for_each(|run| run.closed(from));
    }

    /// Records that the request will be refused. It no longer counts as an image in flight.
    pub fn refused(&mut self, id: usize) {
        let Some(record) = self.log.get_mut(id) else { return };
        self.images_in_flight -= usize::from(mem::take(&mut record.counts_as_image));
    }

    /// Records that the request's run waits for its start. Returns false if it has started already.
    pub fn waits(&mut self, id: usize) -> bool {
        let Some(record) = self.log.get_mut(id) else { return true };
        let run = record.slot.and_then(|(run, _)| self.runs.get_mut(run));
        if let Some(run) = run {
            if run.has_started {
                return false;
            }
            run.waits = true;
            run.touch();
        }
        (record.waits, record.complete) = (true, false);
        true
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
}

impl Record {
    fn logged(&self) -> LoggedRequest {
        let (status, complete) = (self.status, self.complete && self.logged.finished.is_some());
        LoggedRequest { status, complete, ..self.logged.clone() }
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
mod tests;
