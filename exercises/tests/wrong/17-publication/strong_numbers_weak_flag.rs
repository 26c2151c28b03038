//! Gives the numbers the strongest ordering, and leaves the flag `Relaxed`.
//! The check says: "`Relaxed` orders nothing"

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

/// Writes the size and the sum into an entry. One thread calls it, once for each entry.
fn publish(entry: &Entry, size: usize, sum: usize) {
    // These are what the other thread must see.
    entry.size.store(size, Ordering::SeqCst);
    entry.sum.store(sum, Ordering::SeqCst);
    // This only says that they are there.
    entry.is_ready.store(true, Ordering::Relaxed);
}

/// The size and the sum, or `None` if they aren't ready. Any thread may call it at any time.
fn look(entry: &Entry) -> Option<(usize, usize)> {
    if !entry.is_ready.load(Ordering::Relaxed) {
        return None;
    }
    Some((entry.size.load(Ordering::SeqCst), entry.sum.load(Ordering::SeqCst)))
}
