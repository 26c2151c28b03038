//! Threads as in std.

use crate::explore::{self, Ask, Until, Worker};
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::{Mutex, PoisonError};
pub use std::thread::{Result, ThreadId, available_parallelism, panicking};
use std::time::Duration;
use std::{io, thread};

/// See [`std::thread::Thread`].
#[derive(Debug, Clone)]
pub struct Thread {
    inner: thread::Thread,
    explored: Option<usize>,
}

/// See [`std::thread::JoinHandle`].
pub struct JoinHandle<T> {
    inner: thread::JoinHandle<T>,
    thread: Thread,
}

/// See [`std::thread::ScopedJoinHandle`].
pub struct ScopedJoinHandle<'scope, T> {
    inner: thread::ScopedJoinHandle<'scope, T>,
    thread: Thread,
}

/// See [`std::thread::Scope`].
pub struct Scope<'scope, 'env: 'scope> {
    inner: &'scope thread::Scope<'scope, 'env>,
    explored: Mutex<Vec<usize>>,
}

/// See [`std::thread::Builder`].
#[derive(Default)]
pub struct Builder {
    name: Option<String>,
}

/// See [`std::thread::spawn`].
#[track_caller]
pub fn spawn<F, T>(function: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new().spawn(function).expect("the system starts the thread")
}

/// See [`std::thread::scope`].
#[track_caller]
pub fn scope<'env, F, T>(function: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let location = Location::caller();
    thread::scope(|inner| {
        // A reference that lives as long as `'scope`, as std's does: a few bytes that aren't freed.
        let scope = &*Box::leak(Box::new(Scope { inner, explored: Mutex::default() }));
        let result = panic::catch_unwind(AssertUnwindSafe(|| function(scope)));
        if let Some(worker) = explore::current() {
            let explored = scope.explored.lock().unwrap_or_else(PoisonError::into_inner).clone();
            worker.join(explored, location);
        }
        result.unwrap_or_else(|payload| panic::resume_unwind(payload))
    })
}

/// See [`std::thread::yield_now`]. In the explorer, another thread takes the next step if one can.
#[track_caller]
pub fn yield_now() {
    pause(Location::caller(), thread::yield_now);
}

/// See [`std::thread::sleep`]. The explorer has no clock: it does the same as for [`yield_now`].
#[track_caller]
pub fn sleep(duration: Duration) {
    pause(Location::caller(), || thread::sleep(duration));
}

/// See [`std::thread::park`].
#[track_caller]
pub fn park() {
    wait_to_be_unparked(false, Location::caller(), thread::park);
}

/// See [`std::thread::park_timeout`]. In the explorer, it times out when no thread can take a
/// step, and once per thread at any moment before that.
#[track_caller]
pub fn park_timeout(timeout: Duration) {
    wait_to_be_unparked(true, Location::caller(), || thread::park_timeout(timeout));
}

fn wait_to_be_unparked(
    can_time_out: bool,
    location: &'static Location<'static>,
    of_std: impl FnOnce(),
) {
    let Some(worker) = explore::current() else { return of_std() };
    let ask = Ask { until: Until::Unparked { can_time_out }, object: String::new(), location };
    worker.step(&ask, |state, me| {
        let action = if state.park(me) { "is unparked" } else { "times out" };
        state.record(me, action, &ask, None);
    });
}

/// See [`std::thread::current`].
pub fn current() -> Thread {
    let explored = explore::current().map(|worker| worker.index());
    Thread { inner: thread::current(), explored }
}

impl Thread {
    /// See [`std::thread::Thread::unpark`].
    #[track_caller]
    pub fn unpark(&self) {
        let (Some(worker), Some(other)) = (explore::current(), self.explored) else {
            return self.inner.unpark();
        };
        let object = worker.at_once(|state, _| state.threads[other].name.clone());
        let ask = Ask { until: Until::Now, object, location: Location::caller() };
        worker.step(&ask, |state, me| {
            state.record(me, "unparks", &ask, None);
            state.unpark(me, other);
        });
    }

    /// See [`std::thread::Thread::id`].
    pub fn id(&self) -> ThreadId {
        self.inner.id()
    }

    /// See [`std::thread::Thread::name`].
    pub fn name(&self) -> Option<&str> {
        self.inner.name()
    }
}

fn pause(location: &'static Location<'static>, of_std: impl FnOnce()) {
    let Some(worker) = explore::current() else { return of_std() };
    let until = worker.at_once(|state, me| {
        // A lock that is only tried is free again once its owner goes on.
        if state.never_waits.is_some() && !state.was_refused_a_lock(me) {
            return Until::Now;
        }
        Until::Others((0..state.threads.len()).map(|index| state.taken(index)).collect())
    });
    let ask = Ask { until, object: String::new(), location };
    worker.step(&ask, |state, me| state.record(me, "goes on", &ask, None));
}

impl Builder {
    /// See [`std::thread::Builder::new`].
    pub fn new() -> Self {
        Self::default()
    }

    /// See [`std::thread::Builder::name`].
    pub fn name(self, name: String) -> Self {
        Self { name: Some(name) }
    }

    fn of_std(&self) -> thread::Builder {
        self.name.iter().fold(thread::Builder::new(), |it, name| it.name(name.clone()))
    }

    /// See [`std::thread::Builder::spawn`].
    #[track_caller]
    pub fn spawn<F, T>(self, function: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let Some((parent, child)) = self.explored(Location::caller()) else {
            let inner = self.of_std().spawn(function)?;
            let thread = Thread { inner: inner.thread().clone(), explored: None };
            return Ok(JoinHandle { inner, thread });
        };
        let explored = Some(child.index());
        let run = child.clone();
        let inner = self.of_std().spawn(move || run.run(function))?;
        parent.started(&child, Location::caller());
        let thread = Thread { inner: inner.thread().clone(), explored };
        Ok(JoinHandle { inner, thread })
    }

    /// See [`std::thread::Builder::spawn_scoped`].
    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        function: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let Some((parent, child)) = self.explored(Location::caller()) else {
            let inner = self.of_std().spawn_scoped(scope.inner, function)?;
            let thread = Thread { inner: inner.thread().clone(), explored: None };
            return Ok(ScopedJoinHandle { inner, thread });
        };
        let explored = Some(child.index());
        scope.explored.lock().unwrap_or_else(PoisonError::into_inner).push(child.index());
        let run = child.clone();
        let inner = self.of_std().spawn_scoped(scope.inner, move || run.run(function))?;
        parent.started(&child, Location::caller());
        let thread = Thread { inner: inner.thread().clone(), explored };
        Ok(ScopedJoinHandle { inner, thread })
    }

    fn explored(&self, location: &'static Location<'static>) -> Option<(Worker, Worker)> {
        let parent = explore::current()?;
        let child = parent.spawn(self.name.as_deref(), location);
        Some((parent, child))
    }
}

impl<'scope> Scope<'scope, '_> {
    /// See [`std::thread::Scope::spawn`].
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, function: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Builder::new().spawn_scoped(self, function).expect("the system starts the thread")
    }
}

#[track_caller]
fn wait_for(explored: Option<usize>) {
    if let (Some(worker), Some(index)) = (explore::current(), explored) {
        worker.join(vec![index], Location::caller());
    }
}

impl<T> JoinHandle<T> {
    /// See [`std::thread::JoinHandle::join`].
    #[track_caller]
    pub fn join(self) -> Result<T> {
        wait_for(self.thread.explored);
        self.inner.join()
    }

    /// See [`std::thread::JoinHandle::thread`].
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// See [`std::thread::ScopedJoinHandle::join`].
    #[track_caller]
    pub fn join(self) -> Result<T> {
        wait_for(self.thread.explored);
        self.inner.join()
    }

    /// See [`std::thread::ScopedJoinHandle::thread`].
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}
