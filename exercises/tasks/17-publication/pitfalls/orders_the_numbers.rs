//! Orders the accesses to the numbers, not those to the flag.
//! The check says: "`Relaxed` orders nothing"

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.size.store(size, Ordering::Release);
    entry.sum.store(sum, Ordering::Release);
    entry.is_ready.store(true, Ordering::Relaxed);
}

fn look(entry: &Entry) -> Option<(usize, usize)> {
    let is_ready = entry.is_ready.load(Ordering::Relaxed);
    let both = || (entry.size.load(Ordering::Acquire), entry.sum.load(Ordering::Acquire));
    is_ready.then(both)
}
