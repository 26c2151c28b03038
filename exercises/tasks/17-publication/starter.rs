//! Task 17, publication: a flag says that two numbers are ready, and they may be missing.

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

/// Writes the size and the sum into an entry. One thread calls it, once for each entry.
fn publish(entry: &Entry, size: usize, sum: usize) {
    // TODO: another thread looks. What may it see if it sees `true`?
    entry.size.store(size, Ordering::Relaxed);
    entry.sum.store(sum, Ordering::Relaxed);
    entry.is_ready.store(true, Ordering::Relaxed);
}

/// The size and the sum, or `None` if they aren't ready. Any thread may call it at any time.
fn look(entry: &Entry) -> Option<(usize, usize)> {
    if !entry.is_ready.load(Ordering::Relaxed) {
        return None;
    }
    Some((entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed)))
}
