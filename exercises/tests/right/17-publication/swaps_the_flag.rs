//! Sets the flag with a swap.

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.sum.store(sum, Ordering::Relaxed);
    entry.size.store(size, Ordering::Relaxed);
    let was_ready = entry.is_ready.swap(true, Ordering::AcqRel);
    assert!(!was_ready, "one thread publishes it");
}

fn look(entry: &Entry) -> Option<(usize, usize)> {
    let is_ready = entry.is_ready.load(Ordering::Acquire);
    let both = || (entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed));
    is_ready.then(both)
}
