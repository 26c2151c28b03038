//! What outlives the server: experiments are loaded at its start, and saved when they change.

use super::Records;
use crate::observe::experiment::{Experiment, Experiments};
use crate::observe::kept::{Kept, KeptRun, PAUSE};
use crate::observe::names::Names;
use serde_json::Value;
use std::mem;
use std::time::Duration;

impl Records {
    /// Adds the names and experiments of earlier sessions, and begins another experiment with this
    /// number. Nothing has been recorded yet.
    pub fn load(&mut self, names: Names, all: Vec<Kept>, number: usize) {
        self.names = names;
        let mut earlier = Vec::new();
        let mut last = None;
        for Kept { number, title, rules, changes, runs } in all {
            let first_run = self.runs.next_id();
            earlier.push(Experiment { number, title, first_run, rules: Some(rules) });
            for KeptRun { mut run, bars } in runs {
                last = last.max(Some(run.end(bars)));
                drop(self.runs.push(run));
            }
            for (at, words) in changes {
                last = last.max(Some(at));
                self.rule_changes.add(number, at, words);
            }
        }
        self.began = last.map_or(Duration::ZERO, |last| Duration::from_millis(last) + PAUSE);
        self.experiments = Experiments::after(earlier, number, self.runs.next_id());
    }

    /// The experiments that have changed since the last call. `rules` are the current ones. An earlier
    /// experiment some of whose runs or rule changes are forgotten is left as it was saved.
    pub fn unsaved(&mut self, rules: &Value) -> Vec<Kept> {
        if !self.runs.iter().any(|(_, run)| run.unsaved) {
            return Vec::new();
        }
        let (experiments, bars) = (self.experiments.all(), self.bars(|_| true));
        let mut unsaved = Vec::new();
        for (index, experiment) in experiments.iter().enumerate() {
            let next = experiments.get(index + 1).map(|next| next.first_run);
            let ids = experiment.first_run..next.unwrap_or(usize::MAX);
            let is_whole = experiment.first_run >= self.runs.first_id()
                && self.rule_changes.has_all_of(experiment.number);
            let runs = || self.runs.iter().zip(&bars).filter(|((id, _), _)| ids.contains(id));
            if (next.is_none() || is_whole) && runs().any(|((_, run), _)| run.unsaved) {
                let runs = runs().map(|((_, run), bars)| KeptRun::new(run.clone(), bars));
                unsaved.push(Kept {
                    number: experiment.number,
                    title: experiment.title.clone(),
                    rules: experiment.rules.as_ref().unwrap_or(rules).clone(),
                    changes: self.rule_changes.of(experiment.number),
                    runs: runs.collect(),
                });
            }
        }
        self.runs.iter_mut().for_each(|run| run.unsaved = false);
        unsaved
    }

    /// The names that outlive the server, if names have changed since the last call.
    pub fn unsaved_names(&mut self) -> Option<Names> {
        mem::take(&mut self.names.unsaved).then(|| self.names.lasting())
    }

    /// Makes [`unsaved`](Self::unsaved) and [`unsaved_names`](Self::unsaved_names) return everything
    /// again.
    pub fn not_saved(&mut self) {
        self.names.unsaved = true;
        self.runs.iter_mut().for_each(|run| run.unsaved = true);
    }
}
