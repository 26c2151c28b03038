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
pub struct RuleChanges {
    all: Recent<RuleChange>,
    /// The number of the last experiment that has lost a change; 0 if none has.
    forgotten: usize,
}

impl RuleChanges {
    pub fn new() -> Self {
        Self { all: Recent::new(MAX_RULE_CHANGES), forgotten: 0 }
    }

    /// Adds a change. None of a later experiment has been added yet.
    pub fn add(&mut self, experiment: usize, at: u64, words: String) {
        let id = self.all.next_id();
        let oldest = self.all.push(RuleChange { id, at, words, experiment, changed: true });
        if let Some(oldest) = oldest {
            self.forgotten = oldest.experiment;
        }
    }

    /// Whether no change of this experiment is forgotten.
    pub fn has_all_of(&self, experiment: usize) -> bool {
        experiment > self.forgotten
    }

    /// The times and the words of an experiment's changes.
    pub fn of(&self, experiment: usize) -> Vec<(u64, String)> {
        let all = self.all.iter().map(|(_, change)| change);
        let wanted = all.filter(|change| change.experiment == experiment);
        wanted.map(|change| (change.at, change.words.clone())).collect()
    }

    /// Those for which `is_wanted(changed)` holds.
    pub fn filter(&self, is_wanted: impl Fn(bool) -> bool) -> Vec<RuleChange> {
        let wanted = self.all.iter().filter(|(_, change)| is_wanted(change.changed));
        wanted.map(|(_, change)| change.clone()).collect()
    }

    /// Records that all have been sent in a frame.
    pub fn sent(&mut self) {
        self.all.iter_mut().for_each(|change| change.changed = false);
    }
}
