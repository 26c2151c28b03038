//! A mutex as in std.

use super::object::Object;
use crate::explore::{self, Ask, Until};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

/// See [`std::sync::Mutex`].
pub struct Mutex<T: ?Sized> {
    pub(super) object: Object,
    inner: sync::Mutex<T>,
}

/// See [`std::sync::MutexGuard`].
#[must_use = "the lock is released when the guard is dropped"]
pub struct MutexGuard<'a, T: ?Sized> {
    pub(super) mutex: &'a Mutex<T>,
    /// `None` while the thread waits on a condition variable.
    pub(super) inner: Option<sync::MutexGuard<'a, T>>,
}

impl<T> Mutex<T> {
    /// See [`std::sync::Mutex::new`].
    pub const fn new(value: T) -> Self {
        Self { object: Object::new("mutex"), inner: sync::Mutex::new(value) }
    }

    /// A mutex that a schedule calls by this name.
    pub(crate) const fn named(name: &'static str, value: T) -> Self {
        Self { object: Object::named("mutex", name), inner: sync::Mutex::new(value) }
    }

    /// See [`std::sync::Mutex::into_inner`].
    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// See [`std::sync::Mutex::lock`].
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        if let Some(worker) = explore::current() {
            let until = Until::Free { lock: self.object.id(), shared: false };
            let ask = self.object.ask(&worker, until, Location::caller());
            worker.step(&ask, |state, me| {
                state.record(me, "locks", &ask, None);
                state.take(me, self.object.id(), false, ask.object.clone());
            });
            self.inner.clear_poison();
        }
        self.guard()
    }

    /// See [`std::sync::Mutex::try_lock`].
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        if let Some(worker) = explore::current() {
            let ask = self.object.ask(&worker, Until::Now, Location::caller());
            let id = self.object.id();
            let is_free = worker.step(&ask, |state, me| {
                state.watched.insert(ask.object.clone());
                let is_free = state.is_free(id, false);
                state.record(me, if is_free { "locks" } else { "doesn't get" }, &ask, None);
                if is_free {
                    state.take(me, id, false, ask.object.clone());
                }
                is_free
            });
            if !is_free {
                return Err(TryLockError::WouldBlock);
            }
            self.inner.clear_poison();
        }
        match self.inner.try_lock() {
            Ok(inner) => Ok(MutexGuard { mutex: self, inner: Some(inner) }),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
            Err(TryLockError::Poisoned(error)) => {
                let inner = Some(error.into_inner());
                Err(TryLockError::Poisoned(PoisonError::new(MutexGuard { mutex: self, inner })))
            }
        }
    }

    /// See [`std::sync::Mutex::get_mut`].
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.inner.get_mut()
    }

    /// See [`std::sync::Mutex::is_poisoned`].
    pub fn is_poisoned(&self) -> bool {
        self.inner.is_poisoned()
    }

    /// See [`std::sync::Mutex::clear_poison`].
    pub fn clear_poison(&self) {
        self.inner.clear_poison();
    }

    /// Locks the mutex of std inside, once the explorer has granted it.
    pub(super) fn guard(&self) -> LockResult<MutexGuard<'_, T>> {
        guarded(self.inner.lock(), |inner| MutexGuard { mutex: self, inner: Some(inner) })
    }
}

/// Looks into some mutexes in one step, at a moment when none of them is locked. Support code uses it to
/// check what other threads could see.
#[track_caller]
pub(crate) fn look<T, R, const N: usize>(
    all: [&Mutex<T>; N],
    name: &str,
    see: impl FnOnce([&T; N]) -> R,
) -> R {
    if let Some(worker) = explore::current() {
        let until = Until::AllFree(all.map(|mutex| mutex.object.id()).into());
        let ask = Ask { until, object: name.into(), location: Location::caller() };
        worker.step(&ask, |state, me| state.record(me, "looks into", &ask, None));
    }
    let guards = all.map(|it| it.inner.lock().unwrap_or_else(PoisonError::into_inner));
    see(guards.each_ref().map(|guard| &**guard))
}

/// Turns a guard of std into one of ours.
pub(super) fn guarded<G, H>(result: LockResult<G>, wrap: impl FnOnce(G) -> H) -> LockResult<H> {
    match result {
        Ok(guard) => Ok(wrap(guard)),
        Err(error) => Err(PoisonError::new(wrap(error.into_inner()))),
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.inner.take().is_some()
            && let Some(worker) = explore::current()
        {
            worker.unlock(&self.mutex.object.name(&worker), self.mutex.object.id(), false);
        }
    }
}

const HELD: &str = "the guard holds the lock";

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect(HELD)
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect(HELD)
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
