//! Experiments as files keep them, from one session of the server to the next.

use super::run::{Bar, Run};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// Between the last time of an earlier session and the start of this one. No request joins a run from
/// before it.
pub const PAUSE: Duration = Duration::from_mins(2);
/// Max milliseconds of a time: ten years of sessions.
const MAX_TIME: u64 = 10 * 366 * 24 * 3_600_000;

/// An experiment.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub number: usize,
    pub title: String,
    pub rules: Value,
    /// The changes of the rules: when each was made, in milliseconds since the server's start, and what
    /// it was.
    #[serde(default)]
    pub changes: Vec<(u64, String)>,
    pub runs: Vec<KeptRun>,
}

/// A run with its lanes.
#[derive(Serialize, Deserialize)]
pub struct KeptRun {
    #[serde(flatten)]
    pub run: Run,
    pub bars: Vec<Bar>,
}

impl KeptRun {
    pub fn new(run: Run, bars: &[Bar]) -> Self {
        Self { run, bars: bars.to_vec() }
    }
}

impl Kept {
    /// Whether all of its times are possible.
    pub fn is_possible(&self) -> bool {
        let times = self.runs.iter().flat_map(|KeptRun { run, bars }| {
            let of_bars =
                bars.iter().flat_map(|bar| [Some(bar.2), bar.3, bar.4].into_iter().flatten());
            of_bars.chain([run.began, run.last])
        });
        let times = times.chain(self.changes.iter().map(|(at, _)| *at));
        times.max().is_none_or(|last| last <= MAX_TIME)
    }
}
