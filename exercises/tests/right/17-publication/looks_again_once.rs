//! Looks a second time after it has let other threads run.

use exercises::Error;
use exercises::publication::{self, Entry};
use exercises::sync::atomic::Ordering::SeqCst;
use exercises::sync::thread;

pub fn main() -> Result<(), Error> {
    publication::run(publish, look)
}

fn publish(entry: &Entry, size: usize, sum: usize) {
    entry.size.store(size, SeqCst);
    entry.sum.store(sum, SeqCst);
    entry.is_ready.store(true, SeqCst);
}

fn look(entry: &Entry) -> Option<(usize, usize)> {
    for _ in 0..2 {
        if entry.is_ready.load(SeqCst) {
            return Some((entry.size.load(SeqCst), entry.sum.load(SeqCst)));
        }
        thread::yield_now();
    }
    None
}
