//! Changes of the rules, which the live view marks on its time axes.

use super::recent::Recent;
use crate::limits::MAX_RULE_CHANGES;
use serde::Serialize;

/// A change of the rules or of the gate.
#[derive(Clone, Serialize)]
pub struct RuleChange {
    /// Counted from 0.
    id: usize,
    /// When it was made, in milliseconds since the server's start.
    at: u64,
    /// What has changed: `latency 83 → 500 ms`.
    words: String,
    /// The number of the experiment in which it was made.
    #[serde(skip)]
    experiment: usize,
    /// Whether it is new since the last frame.
    #[serde(skip)]
    changed: bool,
}

/// The last changes, oldest first.
pub struct RuleChanges(Recent<RuleChange>);

impl RuleChanges {
    pub fn new() -> Self {
        Self(Recent::new(MAX_RULE_CHANGES))
    }

    pub fn add(&mut self, experiment: usize, at: u64, words: String) {
        let id = self.0.next_id();
        drop(self.0.push(RuleChange { id, at, words, experiment, changed: true }));
    }

    /// The times and the words of an experiment's changes.
    pub fn of(&self, experiment: usize) -> Vec<(u64, String)> {
        let all = self.0.iter().map(|(_, change)| change);
        let wanted = all.filter(|change| change.experiment == experiment);
        wanted.map(|change| (change.at, change.words.clone())).collect()
    }

    /// Those for which `is_wanted(changed)` holds.
    pub fn filter(&self, is_wanted: impl Fn(bool) -> bool) -> Vec<RuleChange> {
        let wanted = self.0.iter().filter(|(_, change)| is_wanted(change.changed));
        wanted.map(|(_, change)| change.clone()).collect()
    }

    /// Records that all have been sent in a frame.
    pub fn sent(&mut self) {
        self.0.iter_mut().for_each(|change| change.changed = false);
    }
}
