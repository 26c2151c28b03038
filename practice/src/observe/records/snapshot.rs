//! What the live view shows of the records.

use super::{Record, Records, Totals, milliseconds};
use crate::observe::experiment::Experiment;
use crate::observe::rule_change::RuleChange;
use crate::observe::run::{Bar, Run};
use serde::Serialize;

/// What the live view shows: everything, or what changed since the last frame.
#[derive(Serialize)]
pub struct Snapshot {
    /// Milliseconds since the server's start.
    now: u64,
    totals: Totals,
    experiments: Vec<Experiment>,
    pub(super) rule_changes: Vec<RuleChange>,
    /// Runs that wait for their start.
    #[serde(skip)]
    pub waiting: usize,
    /// Increases with each change of the progress in the exercises; 0 if there is none.
    progress: usize,
    /// Runs with lower ids are forgotten.
    pub(super) first_run: usize,
    pub(super) runs: Vec<RunSnapshot>,
}

/// A run, with the bars of its lane chart.
#[derive(Serialize)]
pub(super) struct RunSnapshot {
    id: usize,
    #[serde(flatten)]
    run: Run,
    bars: Vec<Bar>,
}

impl Records {
    /// What changed since the last call of this function.
    pub fn changes(&mut self) -> Snapshot {
        let snapshot = self.snapshot(|changed| changed);
        self.runs.iter_mut().for_each(|run| run.changed = false);
        self.log.iter_mut().for_each(|record| record.changed = false);
        self.rule_changes.sent();
        snapshot
    }

    /// Everything.
    pub fn all(&self) -> Snapshot {
        self.snapshot(|_| true)
    }

    /// For each run, its bars for which `is_wanted(changed)` holds.
    pub(super) fn bars(&self, is_wanted: impl Fn(bool) -> bool) -> Vec<Vec<Bar>> {
        let earlier = |run: &Run| if is_wanted(false) { run.earlier_bars.to_vec() } else { vec![] };
        let mut bars: Vec<Vec<Bar>> = self.runs.iter().map(|(_, run)| earlier(run)).collect();
        for (id, record) in self.log.iter().filter(|(_, record)| is_wanted(record.changed)) {
            let Some((run, lane)) = record.slot.filter(|_| !record.waits) else { continue };
            if let Some(index) = run.checked_sub(self.runs.first_id()) {
                bars[index].push(record.bar(id, lane));
            }
        }
        bars
    }

    /// The runs and bars for which `is_wanted(changed)` holds.
    fn snapshot(&self, is_wanted: impl Fn(bool) -> bool) -> Snapshot {
        let bars = self.bars(&is_wanted);
        let runs = self.runs.iter().zip(bars).filter(|((_, run), _)| is_wanted(run.changed));
        let runs = runs.map(|((id, run), bars)| RunSnapshot { id, run: self.shown(run), bars });
        Snapshot {
            now: milliseconds(self.now()),
            totals: self.totals.clone(),
            experiments: self.experiments.all(),
            rule_changes: self.rule_changes.filter(&is_wanted),
            waiting: self.waiting(),
            progress: self.progress.revision,
            first_run: self.runs.first_id(),
            runs: runs.collect(),
        }
    }
}

impl Record {
    fn bar(&self, id: usize, lane: usize) -> Bar {
        let arrived = milliseconds(self.logged.arrived);
        let [responded, finished] =
            [self.responded, self.logged.finished].map(|time| time.map(milliseconds));
        let (attempt, bytes, name) = (self.logged.attempt, self.bytes, self.name().to_owned());
        Bar(
            id,
            lane,
            arrived,
            responded,
            finished,
            self.status,
            self.complete,
            attempt,
            bytes,
            name,
        )
    }
}
