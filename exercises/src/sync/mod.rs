//! Std's locks, atomics and threads, in a form that the explorer can control.
//!
//! They have the names and the methods of [`std::sync`] and [`std::thread`], and do the same: in a
//! normal run, each calls std. In the explorer (see [`crate::explore`]), each call waits until it
//! is this thread's turn, and is written down with its line.

pub mod atomic;
mod barrier;
mod channel;
mod condvar;
pub mod mpsc;
mod mutex;
mod object;
mod once_lock;
mod rwlock;
pub mod thread;

pub use barrier::{Barrier, BarrierWaitResult};
pub use condvar::{Condvar, WaitTimeoutResult};
pub(crate) use mutex::look;
pub use mutex::{Mutex, MutexGuard};
pub use once_lock::OnceLock;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};
