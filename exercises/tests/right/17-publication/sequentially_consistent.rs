//! The strongest ordering everywhere.

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.size.store(size, Ordering::SeqCst);
    entry.sum.store(sum, Ordering::SeqCst);
    entry.is_ready.store(true, Ordering::SeqCst);
}

fn look(entry: &Entry) -> Option<(usize, usize)> {
    let is_ready = entry.is_ready.load(Ordering::SeqCst);
    let both = || (entry.size.load(Ordering::SeqCst), entry.sum.load(Ordering::SeqCst));
    is_ready.then(both)
}
