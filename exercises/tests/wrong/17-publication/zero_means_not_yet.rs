//! Treats a zero as an old value.
//! The check says: "A 0 can be a real value"

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

/// Writes the size and the sum into an entry. One thread calls it, once for each entry.
fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.size.store(size, Ordering::Relaxed);
    entry.sum.store(sum, Ordering::Relaxed);
    entry.is_ready.store(true, Ordering::Relaxed);
}

/// The size and the sum, or `None` if they aren't ready. Any thread may call it at any time.
fn look(entry: &Entry) -> Option<(usize, usize)> {
    if !entry.is_ready.load(Ordering::Relaxed) {
        return None;
    }
    let (size, sum) = (entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed));
    // Each is written once, so anything but the zero from the beginning is the new number.
    if size == 0 || sum == 0 {
        return None;
    }
    Some((size, sum))
}
