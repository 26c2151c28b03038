//! What the explorer calls a lock, an atomic or a condition variable.

use crate::explore::{self, Ask, Id, Until, Worker};
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};

/// The identity of an object. It moves with the object.
#[derive(Debug)]
pub struct Object {
    /// 0 before the first use.
    id: AtomicU64,
    kind: &'static str,
    name: Option<&'static str>,
}

impl Object {
    /// An object without a name of its own, of a kind such as `mutex`.
    pub const fn new(kind: &'static str) -> Self {
        Self { id: AtomicU64::new(0), kind, name: None }
    }

    /// The same object with a name, which a task's support gives it.
    pub const fn named(kind: &'static str, name: &'static str) -> Self {
        Self { id: AtomicU64::new(0), kind, name: Some(name) }
    }

    pub fn id(&self) -> Id {
        let known = self.id.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let id = explore::next_id();
        match self.id.compare_exchange(0, id, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => id,
            Err(known) => known,
        }
    }

    /// Whether it has been used.
    pub fn is_used(&self) -> bool {
        self.id.load(Ordering::Relaxed) != 0
    }

    /// Its name in this schedule.
    pub fn name(&self, worker: &Worker) -> String {
        match self.name {
            Some(name) => name.into(),
            None => worker.at_once(|state, _| state.name(self.id(), self.kind)),
        }
    }

    pub fn ask(&self, worker: &Worker, until: Until, location: &'static Location<'static>) -> Ask {
        let ask = Ask { until, object: self.name(worker), location };
        // An atomic begins anew in each schedule, so its age makes no difference.
        if self.kind != "atomic" {
            worker.at_once(|state, _| {
                if self.id() < state.first_id {
                    state.old = Some(ask.object.clone());
                }
            });
        }
        ask
    }
}
