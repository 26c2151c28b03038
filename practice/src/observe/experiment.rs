//! Experiments: the runs of a class that belong together.

use super::recent::Recent;
use crate::limits::{MAX_EXPERIMENTS, MAX_TITLE_CHARACTERS};
use serde::Serialize;
use serde_json::Value;

/// What a class tries at a time, such as "5 workers each".
#[derive(Clone, Serialize)]
pub struct Experiment {
    /// Counted from 1, and on through later sessions of the server.
    pub number: usize,
    pub title: String,
    /// The id of its first run. It has all runs from there to the next experiment's first one.
    pub first_run: usize,
    /// The rules at its end; `None` while it is the current one.
    pub rules: Option<Value>,
}

/// The last experiments, the current one at the end.
pub struct Experiments(Recent<Experiment>);

impl Experiments {
    /// The experiments of earlier sessions, oldest first, and the current one, without a title.
    pub fn after(earlier: Vec<Experiment>, number: usize, first_run: usize) -> Self {
        let mut all = Self(Recent::new(MAX_EXPERIMENTS));
        for experiment in earlier {
            drop(all.0.push(experiment));
        }
        all.add(number, "", first_run);
        all
    }

    /// The current experiment.
    pub fn current(&self) -> &Experiment {
        self.0.iter().next_back().expect("there is always one").1
    }

    /// Ends the current experiment, whose last rules are given, and begins another one.
    pub fn begin(&mut self, title: &str, first_run: usize, last_rules: Value) {
        let current = self.0.get_mut(self.0.next_id() - 1).expect("there is always one");
        current.rules = Some(last_rules);
        let number = current.number + 1;
        self.add(number, title, first_run);
    }

    fn add(&mut self, number: usize, title: &str, first_run: usize) {
        let title = title.trim().chars().take(MAX_TITLE_CHARACTERS).collect();
        drop(self.0.push(Experiment { number, title, first_run, rules: None }));
    }

    /// All that are remembered, the oldest one first.
    pub fn all(&self) -> Vec<Experiment> {
        self.0.iter().map(|(_, experiment)| experiment.clone()).collect()
    }
}
