//! Reads the numbers, and then whether they were ready.
//! The check says: "Read the flag first"

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.size.store(size, Ordering::Relaxed);
    entry.sum.store(sum, Ordering::Relaxed);
    entry.is_ready.store(true, Ordering::Release);
}

fn look(entry: &Entry) -> Option<(usize, usize)> {
    let both = (entry.size.load(Ordering::Relaxed), entry.sum.load(Ordering::Relaxed));
    entry.is_ready.load(Ordering::Acquire).then_some(both)
}
