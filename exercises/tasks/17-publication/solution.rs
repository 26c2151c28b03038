//! Task 17, publication: the store of the flag releases, its load acquires.

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

    // `Release` publishes all that this thread has written so far, together with the flag. With
    // `Relaxed`, the compiler or the processor could make the flag visible before the numbers.
    entry.is_ready.store(true, Ordering::Release);
}

/// The size and the sum, or `None` if they aren't ready. Any thread may call it at any time.
fn look(entry: &Entry) -> Option<(usize, usize)> {
    // `Acquire` takes over what was published with the value that it reads. With `Relaxed`, the
    // numbers could be read before the flag.
    if !entry.is_ready.load(Ordering::Acquire) {
        return None;
    }
    // The flag has done all the ordering, so `Relaxed` is enough here.
    Some((entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed)))
}
