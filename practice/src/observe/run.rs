//! A run: one program from start to end, as the server sees it.

use super::agent::{Agent, Client};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

/// A request that arrives more than this many milliseconds after the last response doesn't belong
/// to the run, unless each run has a user agent of its own.
const RUN_IDLE_TIMEOUT: u64 = 60_000;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// The list of an album's images. Begins a run.
    Album,
    /// An image.
    Image,
    /// Anything else.
    Other,
}

/// A run, as the live view gets it. Times are in milliseconds since the server's start.
#[derive(Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent")]
pub struct Run {
    #[serde(flatten)]
    pub client: Client,
    #[serde(flatten)]
    pub agent: Agent,
    pub began: u64,
    /// When the last response was complete.
    pub last: u64,
    /// Whether it waits until the teacher starts it.
    pub waits: bool,
    /// Whether its connections are all closed, and it has most likely ended. After an error, one of its
    /// workers may be waiting for another attempt; after the list, they may be starting.
    #[serde(default)]
    left: bool,
    in_flight: usize,
    peak: usize,
    requests: usize,
    failures: usize,
    /// Bytes of all bodies.
    bytes: usize,
    /// Whether the teacher has removed it: pages don't show it, but can bring it back.
    pub removed: bool,
    /// The open connections on which its requests have arrived.
    #[serde(skip)]
    connections: BTreeSet<SocketAddr>,
    /// The status of the last response to a request for an album.
    #[serde(skip)]
    album_status: Option<u16>,
    /// Whether it has got an album: it waits for no start any more.
    #[serde(skip)]
    pub has_started: bool,
    #[serde(skip)]
    free_lanes: BTreeSet<usize>,
    /// Its bars, if it is from an earlier session of the server.
    #[serde(skip)]
    pub earlier_bars: Arc<[Bar]>,
    /// Whether it changed since the last frame.
    #[serde(skip)]
    pub changed: bool,
    /// Whether it changed since its experiment was saved.
    #[serde(skip)]
    pub unsaved: bool,
}

/// A bar in a lane chart: id, lane, arrived, responded, finished, status, complete, attempt, bytes,
/// and what was requested. Times are in milliseconds since the server's start.
#[derive(Clone, Serialize, Deserialize)]
pub struct Bar(
    pub usize,
    pub usize,
    pub u64,
    pub Option<u64>,
    pub Option<u64>,
    pub u16,
    pub bool,
    pub usize,
    pub usize,
    pub String,
);

impl Run {
    pub fn new(client: &Client, now: u64) -> Self {
        Self {
            client: client.clone(),
            agent: Agent::parse(&client.user_agent),
            began: now,
            last: now,
            waits: false,
            left: false,
            in_flight: 0,
            peak: 0,
            requests: 0,
            failures: 0,
            bytes: 0,
            removed: false,
            connections: BTreeSet::new(),
            album_status: None,
            has_started: false,
            free_lanes: BTreeSet::new(),
            earlier_bars: Arc::new([]),
            changed: true,
            unsaved: true,
        }
    }

    /// Whether a request that arrives now belongs to this run. A request for an album begins
    /// another run, unless it is a retry or each run has a user agent of its own.
    pub fn includes(&self, kind: RequestKind, now: u64) -> bool {
        let is_retry = matches!(self.album_status, Some(408 | 429 | 500..));
        let is_recent = self.in_flight > 0 || now.saturating_sub(self.last) <= RUN_IDLE_TIMEOUT;
        self.agent.tells_runs || (is_recent && (kind != RequestKind::Album || is_retry))
    }

    /// Records that it has changed.
    pub fn touch(&mut self) {
        (self.changed, self.unsaved) = (true, true);
    }

    /// Ends it, because the server has ended. Returns when.
    pub fn end(&mut self, mut bars: Vec<Bar>) -> u64 {
        let times = bars.iter().flat_map(|Bar(_, _, arrived, responded, finished, ..)| {
            [Some(*arrived), *responded, *finished]
        });
        self.last = times.flatten().fold(self.last, u64::max);
        for Bar(_, _, _, _, finished, _, complete, ..) in
            bars.iter_mut().filter(|bar| bar.4.is_none())
        {
            (*finished, *complete) = (Some(self.last), false);
        }
        (self.in_flight, self.waits, self.earlier_bars) = (0, false, bars.into());
        self.last
    }

    /// The student's own name, or the address.
    pub fn student(&self) -> String {
        self.agent.name.clone().unwrap_or_else(|| self.client.address.to_string())
    }

    /// Adds a request that has arrived on this connection. Returns its lane: the lowest free one.
    pub fn arrived(&mut self, from: SocketAddr) -> usize {
        self.connections.insert(from);
        self.left = false;
        let lane = self.free_lanes.pop_first().unwrap_or(self.in_flight);
        self.in_flight += 1;
        self.peak = self.peak.max(self.in_flight);
        self.requests += 1;
        self.touch();
        lane
    }

    /// Begins the run anew: until now, it has waited for its start.
    pub fn starts(&mut self, now: u64) {
        (self.began, self.last) = (now, now);
        (self.waits, self.has_started) = (false, true);
        self.touch();
    }

    /// Records that the status and headers are sent.
    pub fn responded(&mut self, kind: RequestKind, status: u16) {
        if kind == RequestKind::Album {
            self.album_status = Some(status);
            self.has_started |= status < 400 && !self.waits;
        }
        self.touch();
    }

    /// Records that bytes of a body are sent.
    pub fn sent(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.touch();
    }

    /// Records that a response is complete or given up.
    pub fn finished(&mut self, lane: usize, failed: bool, now: u64) {
        self.failures += usize::from(failed);
        self.in_flight -= 1;
        self.last = now;
        self.free_lanes.insert(lane);
        self.touch();
    }

    /// Records that a connection is closed, if it is one of the run's.
    pub fn closed(&mut self, from: SocketAddr) {
        if self.connections.remove(&from) && self.connections.is_empty() {
            self.left = self.failures == 0 && self.requests > 1;
            self.touch();
        }
    }
}
