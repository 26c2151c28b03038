//! A run, and the bars of its lane chart.
//!
//! A *run* is what follows a client's request for an album. Each of its requests takes the lowest
//! free lane and gives it back at the end, as in the programs' own timelines.

use super::who::Who;
use crate::observe::Client;
use serde_json::json;
use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write;

/// Milliseconds after which what comes belongs to the run no more, unless its client tells its runs
/// apart. The programs pause between two tries for a minute at most.
const OVER: u64 = 60_000;
/// So many bars has a run, the last ones.
pub const BARS: usize = 1_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The list of an album's images.
    Album,
    Image,
    Other,
}

/// Where a request is noted down.
#[derive(Clone, Copy)]
pub struct Ticket {
    pub run: u64,
    bar: u64,
    lane: usize,
    asked: Asked,
}

/// One run.
pub struct Run {
    pub number: u64,
    pub client: Client,
    who: Who,
    began: u64,
    /// When its last answer was complete.
    last: u64,
    /// The last answer to its request for an album.
    album: Option<u16>,
    in_flight: usize,
    peak: usize,
    requests: u64,
    failures: usize,
    bytes: u64,
    free: BTreeSet<usize>,
    /// None: the run is too old.
    bars: Option<VecDeque<Bar>>,
    pub changed: bool,
}

/// A request: its place in the run, and its times.
struct Bar {
    number: u64,
    lane: usize,
    came: u64,
    answered: Option<u64>,
    done: Option<u64>,
    /// 0 until there is one.
    status: u16,
    whole: bool,
    changed: bool,
}

impl Run {
    pub fn new(number: u64, client: &Client, now: u64) -> Self {
        Self {
            number,
            client: client.clone(),
            who: Who::read(&client.1),
            began: now,
            last: now,
            album: None,
            in_flight: 0,
            peak: 0,
            requests: 0,
            failures: 0,
            bytes: 0,
            free: BTreeSet::new(),
            bars: Some(VecDeque::new()),
            changed: true,
        }
    }

    /// Whether what its client asks for now is a part of it.
    pub fn goes_on(&self, now: u64) -> bool {
        self.who.tells_runs || self.in_flight > 0 || now.saturating_sub(self.last) <= OVER
    }

    /// Whether a request for an album is a further try, and begins no other run.
    pub fn tries_again(&self) -> bool {
        self.who.tells_runs || matches!(self.album, Some(408 | 429 | 500..))
    }

    /// Whether it has bars.
    pub fn is_drawn(&self) -> bool {
        self.bars.is_some()
    }

    /// Forgets its bars.
    pub fn undraw(&mut self) {
        self.bars = None;
        self.changed = true;
    }

    /// A request has come.
    pub fn begin(&mut self, asked: Asked, now: u64) -> Ticket {
        let lane = self.free.pop_first().unwrap_or(self.in_flight);
        let number = self.requests;
        self.in_flight += 1;
        self.peak = self.peak.max(self.in_flight);
        self.requests += 1;
        self.changed = true;
        if let Some(bars) = &mut self.bars {
            if bars.len() >= BARS {
                let _oldest = bars.pop_front();
            }
            bars.push_back(Bar {
                number,
                lane,
                came: now,
                answered: None,
                done: None,
                status: 0,
                whole: true,
                changed: true,
            });
        }
        Ticket { run: self.number, bar: number, lane, asked }
    }

    /// See [`Runs::answered`](super::Runs::answered).
    pub fn answered(&mut self, ticket: Ticket, status: u16, now: u64) {
        if ticket.asked == Asked::Album {
            self.album = Some(status);
        }
        if let Some(bar) = self.bar(ticket.bar) {
            (bar.answered, bar.status, bar.changed) = (Some(now), status, true);
        }
    }

    /// See [`Runs::sent`](super::Runs::sent).
    pub fn sent(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        self.changed = true;
    }

    /// See [`Runs::end`](super::Runs::end).
    pub fn end(&mut self, ticket: Ticket, failed: bool, whole: bool, now: u64) {
        self.failures += usize::from(failed);
        self.in_flight -= 1;
        self.last = now;
        self.changed = true;
        let _new = self.free.insert(ticket.lane);
        if let Some(bar) = self.bar(ticket.bar) {
            (bar.done, bar.whole, bar.changed) = (Some(now), whole, true);
        }
    }

    fn bar(&mut self, number: u64) -> Option<&mut Bar> {
        self.changed = true;
        let bars = self.bars.as_mut()?;
        let behind = number.checked_sub(bars.front()?.number)?;
        bars.get_mut(behind as usize)
    }

    /// The run as a JSON object, with all its bars, or those that have changed since the last time.
    pub fn write(&mut self, json: &mut String, all: bool) {
        let row = json!({
            "id": self.number,
            "program": self.who.program,
            "workers": self.who.workers,
            "name": self.who.name,
            "address": self.client.0.to_string(),
            "began": self.began,
            "last": self.last,
            "in_flight": self.in_flight,
            "peak": self.peak,
            "requests": self.requests,
            "failures": self.failures,
            "bytes": self.bytes,
            "drawn": self.bars.is_some(),
        });
        let row = row.to_string();
        json.push_str(row.trim_end_matches('}'));
        json.push_str(",\"bars\":[");
        let mut comma = "";
        for bar in self.bars.iter_mut().flatten().filter(|bar| all || bar.changed) {
            let time = |time: Option<u64>| time.map_or(-1, u64::cast_signed);
            let (answered, done) = (time(bar.answered), time(bar.done));
            let Bar { number, lane, came, status, whole, .. } = *bar;
            let whole = u8::from(whole);
            // Writing into a string does not fail.
            let _ =
                write!(json, "{comma}[{number},{lane},{came},{answered},{done},{status},{whole}]");
            comma = ",";
            bar.changed &= all;
        }
        json.push_str("]}");
    }
}
