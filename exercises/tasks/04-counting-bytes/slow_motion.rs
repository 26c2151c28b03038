//! For task 4: std's `AtomicUsize` and `Mutex` in slow motion.
//!
//! They behave like std's types, but slowly: an atomic waits after reading, a mutex before locking.
//! With std's types, too, another thread can come in between, but only within nanoseconds, so it
//! happens rarely. Here it always happens.
//!
//! [`print()`] also writes what was counted, and how, into a file that the check names.

use std::sync::atomic::{self, Ordering};
use std::sync::{self, LockResult, MutexGuard};
use std::time::Duration;
use std::{env, fs, thread};

/// The environment variable with the path of the file into which [`print()`] writes.
pub(crate) const VARIABLE: &str = "COUNTED";

/// Delay of `load`, `fetch_add` and `lock`.
const DELAY: Duration = Duration::from_millis(20);

/// A number that threads share. See [`std::sync::atomic::AtomicUsize`].
#[derive(Debug, Default)]
pub struct AtomicUsize {
    value: atomic::AtomicUsize,
    stores: atomic::AtomicUsize,
    additions: atomic::AtomicUsize,
}

impl AtomicUsize {
    /// Creates a number with this value.
    pub const fn new(value: usize) -> Self {
        Self {
            value: atomic::AtomicUsize::new(value),
            stores: atomic::AtomicUsize::new(0),
            additions: atomic::AtomicUsize::new(0),
        }
    }

    /// Reads the number.
    pub fn load(&self, order: Ordering) -> usize {
        let value = self.value.load(order);
        thread::sleep(DELAY);
        value
    }

    /// Replaces the number.
    pub fn store(&self, value: usize, order: Ordering) {
        self.stores.fetch_add(1, Ordering::Relaxed);
        self.value.store(value, order);
    }

    /// Adds to the number, in one step, and returns what it was before.
    pub fn fetch_add(&self, value: usize, order: Ordering) -> usize {
        self.additions.fetch_add(1, Ordering::Relaxed);
        let before = self.value.fetch_add(value, order);
        thread::sleep(DELAY);
        before
    }

    /// Replaces the number if it is `current`. If not, the error says what it is.
    pub fn compare_exchange(
        &self,
        current: usize,
        new: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        let before = self.value.compare_exchange(current, new, success, failure)?;
        self.additions.fetch_add(1, Ordering::Relaxed);
        Ok(before)
    }
}

/// A lock around a value. See [`std::sync::Mutex`].
#[derive(Debug, Default)]
pub struct Mutex<T> {
    value: sync::Mutex<T>,
    locked: atomic::AtomicUsize,
}

impl<T> Mutex<T> {
    /// Creates a lock around this value.
    pub const fn new(value: T) -> Self {
        Self { value: sync::Mutex::new(value), locked: atomic::AtomicUsize::new(0) }
    }

    /// Waits until no other thread has the lock. It is held until the guard is dropped.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.locked.fetch_add(1, Ordering::Relaxed);
        thread::sleep(DELAY);
        self.value.lock()
    }
}

/// Prints what was counted: `40 images, … bytes`.
pub fn print(images: &Mutex<usize>, bytes: &AtomicUsize) {
    let AtomicUsize { value, stores, additions } = bytes;
    let [bytes, stores, additions] =
        [value, stores, additions].map(|it| it.load(Ordering::Relaxed));
    let locked = images.locked.load(Ordering::Relaxed);
    let images = *images.value.lock().unwrap_or_else(sync::PoisonError::into_inner);
    println!("{images} images, {bytes} bytes");
    if let Some(file) = env::var_os(VARIABLE) {
        // The check fails if the file is missing.
        let _ = fs::write(file, format!("{images} {bytes} {stores} {additions} {locked}"));
    }
}
