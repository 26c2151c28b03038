//! A lock for many readers or one writer, as in std.

use super::mutex::guarded;
use super::object::Object;
use crate::explore::{self, Until};
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{self, LockResult, PoisonError, TryLockError, TryLockResult};

/// See [`std::sync::RwLock`].
pub struct RwLock<T: ?Sized> {
    object: Object,
    inner: sync::RwLock<T>,
}

/// See [`std::sync::RwLockReadGuard`].
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    object: &'a Object,
    inner: Option<sync::RwLockReadGuard<'a, T>>,
}

/// See [`std::sync::RwLockWriteGuard`].
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    object: &'a Object,
    inner: Option<sync::RwLockWriteGuard<'a, T>>,
}

impl<T> RwLock<T> {
    /// See [`std::sync::RwLock::new`].
    pub const fn new(value: T) -> Self {
        Self { object: Object::new("rwlock"), inner: sync::RwLock::new(value) }
    }

    /// See [`std::sync::RwLock::into_inner`].
    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// See [`std::sync::RwLock::read`].
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        self.explored("reads", true, Location::caller());
        let object = &self.object;
        guarded(self.inner.read(), |inner| RwLockReadGuard { object, inner: Some(inner) })
    }

    /// See [`std::sync::RwLock::write`].
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.explored("locks", false, Location::caller());
        let object = &self.object;
        guarded(self.inner.write(), |inner| RwLockWriteGuard { object, inner: Some(inner) })
    }

    /// See [`std::sync::RwLock::try_read`].
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        if !self.gets("reads", true, Location::caller()) {
            return Err(TryLockError::WouldBlock);
        }
        let object = &self.object;
        tried(self.inner.try_read(), |inner| RwLockReadGuard { object, inner: Some(inner) })
    }

    /// See [`std::sync::RwLock::try_write`].
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        if !self.gets("locks", false, Location::caller()) {
            return Err(TryLockError::WouldBlock);
        }
        let object = &self.object;
        tried(self.inner.try_write(), |inner| RwLockWriteGuard { object, inner: Some(inner) })
    }

    /// See [`std::sync::RwLock::get_mut`].
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.inner.get_mut()
    }

    fn explored(&self, action: &str, shared: bool, location: &'static Location<'static>) {
        let Some(worker) = explore::current() else { return };
        let lock = self.object.id();
        let ask = self.object.ask(&worker, Until::Free { lock, shared }, location);
        worker.step(&ask, |state, me| {
            state.record(me, action, &ask, None);
            state.take(me, lock, shared, ask.object.clone());
        });
        self.inner.clear_poison();
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Whether the explorer grants the lock at once. Always outside of it.
    fn gets(&self, action: &str, shared: bool, location: &'static Location<'static>) -> bool {
        let Some(worker) = explore::current() else { return true };
        let lock = self.object.id();
        let ask = self.object.ask(&worker, Until::Now, location);
        let is_free = worker.step(&ask, |state, me| {
            state.watched.insert(ask.object.clone());
            let is_free = state.is_free(lock, shared);
            state.record(me, if is_free { action } else { "doesn't get" }, &ask, None);
            if is_free {
                state.take(me, lock, shared, ask.object.clone());
            }
            is_free
        });
        self.inner.clear_poison();
        is_free
    }
}

fn tried<G, H>(result: TryLockResult<G>, wrap: impl FnOnce(G) -> H) -> TryLockResult<H> {
    match result {
        Ok(guard) => Ok(wrap(guard)),
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        Err(TryLockError::Poisoned(error)) => {
            Err(TryLockError::Poisoned(PoisonError::new(wrap(error.into_inner()))))
        }
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.inner.take());
        if let Some(worker) = explore::current() {
            worker.unlock(&self.object.name(&worker), self.object.id(), true);
        }
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.inner.take());
        if let Some(worker) = explore::current() {
            worker.unlock(&self.object.name(&worker), self.object.id(), false);
        }
    }
}

const HELD: &str = "the guard holds the lock";

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect(HELD)
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect(HELD)
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect(HELD)
    }
}
