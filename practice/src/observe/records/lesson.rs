//! What a teacher does about experiments, rules, students and runs.

use super::{Records, milliseconds};
use crate::observe::names::Names;
use crate::observe::progress::Report;
use serde_json::Value;

impl Records {
    /// Ends the current experiment, whose last rules are given, and begins another one. Runs that are
    /// still going stay in theirs.
    pub fn begin_experiment(&mut self, title: &str, last_rules: Value) {
        // It gets its last rules.
        self.save_experiment();
        self.experiments.begin(title, self.runs.next_id(), last_rules);
        self.totals.experiment_peak = self.totals.in_flight;
    }

    /// Records a change of the rules, which is given in words.
    pub fn rules_changed(&mut self, words: String) {
        let experiment = self.experiments.current().number;
        self.rule_changes.add(experiment, milliseconds(self.now()), words);
        self.save_experiment();
    }

    /// Has the current experiment saved again, if it has a run.
    fn save_experiment(&mut self) {
        let first_run = self.experiments.current().first_run;
        let earlier = first_run.saturating_sub(self.runs.first_id());
        self.runs.iter_mut().skip(earlier).for_each(|run| run.unsaved = true);
    }

    /// Changes which names are shown, everywhere.
    pub fn rename<T>(&mut self, change: impl FnOnce(&mut Names) -> T) -> T {
        self.runs.iter_mut().for_each(|run| run.changed = true);
        self.progress.revision += 1;
        self.names.unsaved = true;
        change(&mut self.names)
    }

    /// Adds a report about a submission. The error is a message for its sender.
    pub fn report(&mut self, report: &Report) -> Result<(), &'static str> {
        self.progress.add(report)
    }

    /// Removes a message that has refused a submission from what pages show.
    pub fn remove_message(&mut self, message: String) -> Result<(), &'static str> {
        self.progress.remove_message(message)
    }

    /// The progress of the class in the exercises, as pages show it.
    pub fn progress(&self) -> Value {
        self.progress.to_json(&self.names)
    }

    /// Removes a run from what pages show, or brings it back. Returns false if it is forgotten.
    pub fn remove_run(&mut self, id: usize, removed: bool) -> bool {
        let Some(run) = self.runs.get_mut(id) else { return false };
        run.removed = removed;
        run.touch();
        true
    }
}
