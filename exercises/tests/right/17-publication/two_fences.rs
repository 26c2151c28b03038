//! Two fences, and no ordering in an access.

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::{Ordering, fence};

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.size.store(size, Ordering::Relaxed);
    entry.sum.store(sum, Ordering::Relaxed);
    fence(Ordering::Release);
    entry.is_ready.store(true, Ordering::Relaxed);
}

fn look(entry: &Entry) -> Option<(usize, usize)> {
    if entry.is_ready.load(Ordering::Relaxed) {
        fence(Ordering::Acquire);
        return Some((entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed)));
    }
    None
}
