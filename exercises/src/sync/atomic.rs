//! Atomics as in std.

#![allow(
    clippy::cast_lossless,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "one macro for all numbers: what wraps on the way to `u64` wraps back"
)]

use super::object::Object;
use crate::explore::{self, Ask, Until, Worker};
use Ordering::{AcqRel, Acquire, Release};
use std::fmt;
use std::panic::Location;
use std::sync::atomic;
pub use std::sync::atomic::Ordering;

/// See [`std::sync::atomic::fence`].
#[track_caller]
pub fn fence(order: Ordering) {
    match explore::current() {
        None => atomic::fence(order),
        Some(worker) => {
            let object = format!("{order:?}");
            let ask = Ask { until: Until::Now, object, location: Location::caller() };
            worker.step(&ask, |state, me| {
                state.record(me, "fence", &ask, None);
                state.memory.fence(&mut state.threads[me].views, order);
            });
        }
    }
}

/// An atomic in a schedule, whose values are written as numbers.
struct Explored<'a> {
    worker: Worker,
    object: &'a Object,
    /// Its value before its first use in the schedule.
    initial: u64,
    show: fn(u64) -> String,
    location: &'static Location<'static>,
}

impl Explored<'_> {
    fn ask(&self) -> Ask {
        self.object.ask(&self.worker, Until::Now, self.location)
    }

    fn load(&self, order: Ordering) -> u64 {
        assert!(!matches!(order, Release | AcqRel), "there is no such thing as a release load");
        let (ask, id) = (self.ask(), self.object.id());
        self.worker.step(&ask, |state, me| {
            let options = state.memory.options(&state.threads[me].views, id, self.initial, order);
            let age = state.choices.choose(options);
            let views = &mut state.threads[me].views;
            let value = state.memory.load(views, id, self.initial, order, age);
            let action = if age == 0 { "reads" } else { "reads an old" };
            state.record_atomic(me, action, &ask, (self.show)(value), order);
            value
        })
    }

    fn store(&self, value: u64, order: Ordering) {
        assert!(!matches!(order, Acquire | AcqRel), "there is no such thing as an acquire store");
        let (ask, id) = (self.ask(), self.object.id());
        self.worker.step(&ask, |state, me| {
            state.record_atomic(me, "writes", &ask, (self.show)(value), order);
            let views = &mut state.threads[me].views;
            state.memory.store(views, id, self.initial, order, value, false);
        });
    }

    /// Reads the latest value, and replaces it if `change` returns another one: one step. It can fail
    /// for no reason if it is `weak`, once for each thread.
    fn update(
        &self,
        success: Ordering,
        failure: Ordering,
        weak: bool,
        change: impl FnOnce(u64) -> Option<u64>,
    ) -> Result<u64, u64> {
        let (ask, id) = (self.ask(), self.object.id());
        self.worker.step(&ask, |state, me| {
            let old = state.memory.latest(id, self.initial);
            let new = change(old).filter(|_| !(weak && state.fails_for_no_reason(me)));
            let views = &mut state.threads[me].views;
            let Some(new) = new else {
                state.memory.load(views, id, self.initial, failure, 0);
                state.record_atomic(me, "finds another", &ask, (self.show)(old), failure);
                return Err(old);
            };
            state.memory.load(views, id, self.initial, success, 0);
            state.memory.store(views, id, self.initial, success, new, true);
            let value = format!("{} → {}", (self.show)(old), (self.show)(new));
            state.record_atomic(me, "changes", &ask, value, success);
            Ok(old)
        })
    }
}

/// The ordering of a load that belongs to a failed exchange, as std chooses it.
fn of_failure(order: Ordering) -> Ordering {
    match order {
        Ordering::AcqRel => Ordering::Acquire,
        Ordering::Release => Ordering::Relaxed,
        order => order,
    }
}

macro_rules! atomic {
    ($name:ident, $type:ty, $to:expr, $from:expr, { $($method:ident => $change:expr;)* }) => {
        #[doc = concat!("See [`std::sync::atomic::", stringify!($name), "`].")]
        pub struct $name {
            object: Object,
            first: $type,
            inner: atomic::$name,
        }

        impl $name {
            /// An atomic with this value.
            pub const fn new(value: $type) -> Self {
                let object = Object::new("atomic");
                Self { object, first: value, inner: atomic::$name::new(value) }
            }

            #[allow(dead_code, reason = "not every type is used by the support of a task")]
            /// An atomic that a schedule calls by this name.
            pub(crate) const fn named(name: &'static str, value: $type) -> Self {
                let object = Object::named("atomic", name);
                Self { object, first: value, inner: atomic::$name::new(value) }
            }

            fn explored(&self, location: &'static Location<'static>) -> Option<Explored<'_>> {
                let worker = explore::current()?;
                // A static keeps its id, and begins each schedule with its first value.
                let initial = if self.object.is_used() {
                    self.first
                } else {
                    self.inner.load(Ordering::Relaxed)
                };
                let show = |value| ($from)(value).to_string();
                let object = &self.object;
                Some(Explored { worker, object, initial: ($to)(initial), show, location })
            }

            /// Reads the value.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $type {
                match self.explored(Location::caller()) {
                    None => self.inner.load(order),
                    Some(explored) => ($from)(explored.load(order)),
                }
            }

            /// Replaces the value.
            #[track_caller]
            pub fn store(&self, value: $type, order: Ordering) {
                if let Some(explored) = self.explored(Location::caller()) {
                    explored.store(($to)(value), order);
                }
                self.inner.store(value, if explore::is_running() { Ordering::Relaxed } else { order });
            }

            /// Replaces the value, and returns what it was.
            #[track_caller]
            pub fn swap(&self, value: $type, order: Ordering) -> $type {
                self.change(order, Location::caller(), |_| value, |it| it.swap(value, order))
            }

            /// Replaces the value if it is `current`. If not, the error says what it is.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $type,
                new: $type,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$type, $type> {
                self.exchange(current, new, success, failure, false, Location::caller())
            }

            /// The same, but it may also fail when the value is `current`.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $type,
                new: $type,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$type, $type> {
                self.exchange(current, new, success, failure, true, Location::caller())
            }

            fn exchange(
                &self,
                current: $type,
                new: $type,
                success: Ordering,
                failure: Ordering,
                weak: bool,
                location: &'static Location<'static>,
            ) -> Result<$type, $type> {
                let Some(explored) = self.explored(location) else {
                    return if weak {
                        self.inner.compare_exchange_weak(current, new, success, failure)
                    } else {
                        self.inner.compare_exchange(current, new, success, failure)
                    };
                };
                let change = |old| (($from)(old) == current).then_some(($to)(new));
                let result = explored.update(success, failure, weak, change);
                if result.is_ok() {
                    self.inner.store(new, Ordering::Relaxed);
                }
                result.map($from).map_err($from)
            }

            /// Applies `change` until no other thread comes between. Returns the value before.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set: Ordering,
                fetch: Ordering,
                mut change: impl FnMut($type) -> Option<$type>,
            ) -> Result<$type, $type> {
                let location = Location::caller();
                let mut old = self.load(fetch);
                while let Some(new) = change(old) {
                    match self.exchange(old, new, set, fetch, true, location) {
                        Ok(old) => return Ok(old),
                        Err(other) => old = other,
                    }
                }
                Err(old)
            }

            fn change(
                &self,
                order: Ordering,
                location: &'static Location<'static>,
                change: impl Fn($type) -> $type,
                of_std: impl FnOnce(&atomic::$name) -> $type,
            ) -> $type {
                let Some(explored) = self.explored(location) else { return of_std(&self.inner) };
                let update = |old| Some(($to)(change(($from)(old))));
                let old = explored.update(order, of_failure(order), false, update);
                let old = ($from)(old.unwrap_or_else(|old| old));
                self.inner.store(change(old), Ordering::Relaxed);
                old
            }

            /// The value, which no other thread can reach any more.
            pub fn into_inner(self) -> $type {
                self.inner.into_inner()
            }

            $(
                /// Changes the value in one step. Returns the value before.
                #[track_caller]
                pub fn $method(&self, value: $type, order: Ordering) -> $type {
                    let change: fn($type, $type) -> $type = $change;
                    let of_std = |it: &atomic::$name| it.$method(value, order);
                    self.change(order, Location::caller(), |old| change(old, value), of_std)
                }
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new(<$type>::default())
            }
        }

        impl From<$type> for $name {
            fn from(value: $type) -> Self {
                Self::new(value)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.inner.fmt(f)
            }
        }
    };
}

macro_rules! number {
    ($($name:ident: $type:ty),*) => {$(
        atomic!($name, $type, |value: $type| value as u64, |value: u64| value as $type, {
            fetch_add => <$type>::wrapping_add;
            fetch_sub => <$type>::wrapping_sub;
            fetch_max => |old, new| old.max(new);
            fetch_min => |old, new| old.min(new);
            fetch_and => |old, new| old & new;
            fetch_or => |old, new| old | new;
            fetch_xor => |old, new| old ^ new;
        });
    )*};
}

number!(AtomicU8: u8, AtomicU16: u16, AtomicU32: u32, AtomicU64: u64, AtomicUsize: usize);
number!(AtomicI8: i8, AtomicI16: i16, AtomicI32: i32, AtomicI64: i64, AtomicIsize: isize);
atomic!(AtomicBool, bool, u64::from, |value: u64| value != 0, {
    fetch_and => |old, new| old & new;
    fetch_or => |old, new| old | new;
    fetch_xor => |old, new| old ^ new;
});
