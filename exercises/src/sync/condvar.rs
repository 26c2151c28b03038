//! A condition variable as in std.

use super::mutex::{MutexGuard, guarded};
use super::object::Object;
use crate::explore::{self, Until, Worker};
use std::panic::Location;
use std::sync::{self, LockResult};
use std::time::Duration;

/// See [`std::sync::Condvar`].
///
/// The explorer lets `notify_one` wake any of the threads that wait. A thread doesn't wake up
/// without a notification, which std doesn't promise.
pub struct Condvar {
    object: Object,
    inner: sync::Condvar,
}

/// See [`std::sync::WaitTimeoutResult`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether the wait ended because the time was over.
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    /// See [`std::sync::Condvar::new`].
    pub const fn new() -> Self {
        Self { object: Object::new("condvar"), inner: sync::Condvar::new() }
    }

    /// See [`std::sync::Condvar::wait`].
    #[track_caller]
    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        if let Some(worker) = explore::current() {
            return self.explored(&worker, guard, false, Location::caller()).0;
        }
        let mutex = guard.mutex;
        let inner = guard.inner.take().expect("the guard holds the lock");
        guarded(self.inner.wait(inner), |inner| MutexGuard { mutex, inner: Some(inner) })
    }

    /// See [`std::sync::Condvar::wait_while`].
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// See [`std::sync::Condvar::wait_timeout`]. In the explorer, it times out when no thread can
    /// take a step, and once per thread at any moment before that.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        if let Some(worker) = explore::current() {
            let (guard, timed_out) = self.explored(&worker, guard, true, Location::caller());
            return guarded(guard, |guard| (guard, WaitTimeoutResult(timed_out)));
        }
        let mutex = guard.mutex;
        let inner = guard.inner.take().expect("the guard holds the lock");
        guarded(self.inner.wait_timeout(inner, timeout), |(inner, result)| {
            (MutexGuard { mutex, inner: Some(inner) }, WaitTimeoutResult(result.timed_out()))
        })
    }

    /// See [`std::sync::Condvar::notify_one`].
    #[track_caller]
    pub fn notify_one(&self) {
        self.notify(false, Location::caller());
        self.inner.notify_one();
    }

    /// See [`std::sync::Condvar::notify_all`].
    #[track_caller]
    pub fn notify_all(&self) {
        self.notify(true, Location::caller());
        self.inner.notify_all();
    }

    /// Releases the lock, and waits. Two steps, because the second one comes much later.
    fn explored<'a, T>(
        &self,
        worker: &Worker,
        mut guard: MutexGuard<'a, T>,
        can_time_out: bool,
        location: &'static Location<'static>,
    ) -> (LockResult<MutexGuard<'a, T>>, bool) {
        let mutex = guard.mutex;
        let lock = mutex.object.id();
        let ask = self.object.ask(worker, Until::Now, location);
        worker.step(&ask, |state, me| {
            state.record(me, "waits on", &ask, None);
            state.release(me, lock, false);
        });
        drop(guard.inner.take());
        let until = Until::Notified { condvar: self.object.id(), lock, can_time_out };
        let ask = self.object.ask(worker, until, location);
        let name = mutex.object.name(worker);
        let timed_out = worker.step(&ask, |state, me| {
            let timed_out = state.threads[me].has_timed_out;
            let action = if timed_out { "times out on" } else { "wakes up on" };
            state.record(me, action, &ask, None);
            state.take(me, lock, false, name);
            timed_out
        });
        (mutex.guard(), timed_out)
    }

    fn notify(&self, all: bool, location: &'static Location<'static>) {
        let Some(worker) = explore::current() else { return };
        let ask = self.object.ask(&worker, Until::Now, location);
        worker.step(&ask, |state, me| {
            let woken = state.notify(self.object.id(), all);
            let action = if all { "notifies all on" } else { "notifies one on" };
            let woken = if woken.is_empty() { "no thread waits".into() } else { woken.join(", ") };
            state.record(me, action, &ask, Some(woken));
        });
    }
}

impl Default for Condvar {
    fn default() -> Self {
        Self::new()
    }
}
