//! A barrier as in std.

use super::object::Object;
use crate::explore::{self, Until, Worker};
use std::panic::Location;
use std::sync;

/// See [`std::sync::Barrier`].
#[derive(Debug)]
pub struct Barrier {
    object: Object,
    threads: usize,
    inner: sync::Barrier,
}

/// See [`std::sync::BarrierWaitResult`].
#[derive(Debug)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether this thread is the one of its generation that is the leader.
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// See [`std::sync::Barrier::new`].
    pub const fn new(n: usize) -> Self {
        Self { object: Object::new("barrier"), threads: n, inner: sync::Barrier::new(n) }
    }

    /// See [`std::sync::Barrier::wait`].
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        match explore::current() {
            None => BarrierWaitResult(self.inner.wait().is_leader()),
            Some(worker) => BarrierWaitResult(self.explored(&worker, Location::caller())),
        }
    }

    fn explored(&self, worker: &Worker, location: &'static Location<'static>) -> bool {
        let (barrier, threads) = (self.object.id(), self.threads);
        let ask = self.object.ask(worker, Until::Now, location);
        let (is_last, generation) = worker.step(&ask, |state, me| {
            let (is_last, generation) = state.arrive(me, barrier, threads);
            let arrived = if is_last { threads } else { state.barriers[&barrier].arrived };
            state.record(me, "arrives at", &ask, Some(format!("{arrived} of {threads}")));
            (is_last, generation)
        });
        let until = Until::Passed { barrier, threads, generation };
        let ask = self.object.ask(worker, until, location);
        worker.step(&ask, |state, me| state.pass(me, barrier));
        is_last
    }
}
