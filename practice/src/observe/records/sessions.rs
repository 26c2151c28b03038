//! What outlives the server: experiments are loaded at its start, and saved when they change.

use super::Records;
use crate::observe::experiment::{Experiment, Experiments};
use crate::observe::kept::{Kept, KeptRun, PAUSE};
use serde_json::Value;
use std::time::Duration;

impl Records {
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
}
