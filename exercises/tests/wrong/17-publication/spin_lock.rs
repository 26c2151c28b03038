//! Protects the entry with a lock made of a flag.
//! The check says: "even if it is made of a flag"

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::{AtomicBool, Ordering};
use exercises::sync::thread;

/// Whether a thread is at an entry.
static IN_USE: AtomicBool = AtomicBool::new(false);

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

/// Runs the function while no other thread runs one.
fn alone<T>(function: impl FnOnce() -> T) -> T {
    while IN_USE.swap(true, Ordering::Acquire) {
        thread::yield_now();
    }
    let result = function();
    IN_USE.store(false, Ordering::Release);
    result
}

/// Writes the size and the sum into an entry. One thread calls it, once for each entry.
fn publish(entry: &Entry, size: usize, sum: usize) {
    alone(|| {
        entry.size.store(size, Ordering::Relaxed);
        entry.sum.store(sum, Ordering::Relaxed);
        entry.is_ready.store(true, Ordering::Relaxed);
    });
}

/// The size and the sum, or `None` if they aren't ready. Any thread may call it at any time.
fn look(entry: &Entry) -> Option<(usize, usize)> {
    alone(|| {
        if !entry.is_ready.load(Ordering::Relaxed) {
            return None;
        }
        Some((entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed)))
    })
}
