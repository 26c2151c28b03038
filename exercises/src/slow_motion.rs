//! For task 4: std's `AtomicUsize` and `Mutex`, but one can watch them.
//!
//! They do what std's do, and take 20 milliseconds for it: an atomic waits after it has read, a
//! mutex before it locks. What another thread does meanwhile, it could do with std's types, too,
//! in the nanoseconds that they take. There it happens rarely, here always.

use std::sync::atomic::{self, Ordering};
use std::sync::{self, LockResult, MutexGuard};
use std::thread;
use std::time::Duration;

const MOMENT: Duration = Duration::from_millis(20);

/// A number that threads share. See [`std::sync::atomic::AtomicUsize`].
#[derive(Debug, Default)]
pub struct AtomicUsize(atomic::AtomicUsize);

impl AtomicUsize {
    /// A number to begin with.
    pub const fn new(value: usize) -> Self {
        Self(atomic::AtomicUsize::new(value))
    }

    /// Reads the number.
    pub fn load(&self, order: Ordering) -> usize {
        let value = self.0.load(order);
        thread::sleep(MOMENT);
        value
    }

    /// Replaces the number.
    pub fn store(&self, value: usize, order: Ordering) {
        self.0.store(value, order);
    }

    /// Adds to the number, in one step, and returns what it was before.
    pub fn fetch_add(&self, value: usize, order: Ordering) -> usize {
        let before = self.0.fetch_add(value, order);
        thread::sleep(MOMENT);
        before
    }

    /// Replaces the number if it still is what one thinks. If not, the error says what it is.
    pub fn compare_exchange(
        &self,
        current: usize,
        new: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        self.0.compare_exchange(current, new, success, failure)
    }
}

/// A lock around a value. See [`std::sync::Mutex`].
#[derive(Debug, Default)]
pub struct Mutex<T>(sync::Mutex<T>);

impl<T> Mutex<T> {
    /// A value to begin with.
    pub const fn new(value: T) -> Self {
        Self(sync::Mutex::new(value))
    }

    /// Waits until nobody else has the lock. It is held until the guard is dropped.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        thread::sleep(MOMENT);
        self.0.lock()
    }
}

/// Prints what was counted: `40 images, 10075585 bytes`.
pub fn print(images: &Mutex<usize>, bytes: &AtomicUsize) {
    let images = images.lock().unwrap_or_else(sync::PoisonError::into_inner);
    println!("{images} images, {} bytes", bytes.load(Ordering::Relaxed));
}
