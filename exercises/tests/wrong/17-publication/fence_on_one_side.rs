//! A fence where the numbers are written, and none where they are read.
//! The check says: "or a fence"

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
    let is_ready = entry.is_ready.load(Ordering::Relaxed);
    let both = || (entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed));
    is_ready.then(both)
}
