//! A value that is set once, as in std.

use super::object::Object;
use crate::explore::{self, Until};
use std::panic::Location;
use std::sync;

/// See [`std::sync::OnceLock`].
#[derive(Debug)]
pub struct OnceLock<T> {
    object: Object,
    inner: sync::OnceLock<T>,
}

impl<T> OnceLock<T> {
    /// See [`std::sync::OnceLock::new`].
    pub const fn new() -> Self {
        Self { object: Object::new("oncelock"), inner: sync::OnceLock::new() }
    }

    /// See [`std::sync::OnceLock::get`].
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        if let Some(worker) = explore::current() {
            let ask = self.object.ask(&worker, Until::Now, Location::caller());
            worker.step(&ask, |state, me| {
                let value = if self.inner.get().is_some() { "set" } else { "empty" };
                state.record(me, "looks into", &ask, Some(value.into()));
                state.see(me, self.object.id());
            });
        }
        self.inner.get()
    }

    /// See [`std::sync::OnceLock::get_mut`].
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.inner.get_mut()
    }

    /// See [`std::sync::OnceLock::set`].
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.fill(Location::caller(), || value.take().expect("it is only taken here"));
        value.map_or(Ok(()), Err)
    }

    /// See [`std::sync::OnceLock::get_or_init`].
    #[track_caller]
    pub fn get_or_init(&self, init: impl FnOnce() -> T) -> &T {
        self.fill(Location::caller(), init)
    }

    /// See [`std::sync::OnceLock::into_inner`].
    pub fn into_inner(self) -> Option<T> {
        self.inner.into_inner()
    }

    /// See [`std::sync::OnceLock::take`].
    pub fn take(&mut self) -> Option<T> {
        self.inner.take()
    }

    /// Waits until no other thread initializes it, then does so unless it is set.
    fn fill(&self, location: &'static Location<'static>, init: impl FnOnce() -> T) -> &T {
        let Some(worker) = explore::current() else { return self.inner.get_or_init(init) };
        let lock = self.object.id();
        let ask = self.object.ask(&worker, Until::Free { lock, shared: false }, location);
        let is_set = worker.step(&ask, |state, me| {
            let is_set = self.inner.get().is_some();
            let (action, value) =
                if is_set { ("looks into", Some("set".into())) } else { ("begins to set", None) };
            state.record(me, action, &ask, value);
            if is_set {
                state.see(me, lock);
            } else {
                state.take(me, lock, false, ask.object.clone());
            }
            is_set
        });
        if !is_set {
            let value = init();
            // Others can tell when it is set: `get` finds it.
            let ask = self.object.ask(&worker, Until::Now, location);
            worker.step(&ask, |state, me| {
                state.record(me, "sets", &ask, None);
                state.release(me, lock, false);
            });
            assert!(self.inner.set(value).is_ok(), "one thread sets it");
        }
        self.inner.get().expect("it is set")
    }
}

impl<T> Default for OnceLock<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    fn from(value: T) -> Self {
        Self { object: Object::new("oncelock"), inner: value.into() }
    }
}
