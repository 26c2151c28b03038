//! Task 4, counting bytes: several threads, two counters, and both numbers can be too small.

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

/// Five threads call this, once for each image.
fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;

    // TODO: other threads count at the same time. What can happen between these lines?
    let before = bytes.load(Ordering::Relaxed);
    bytes.store(before + image.len(), Ordering::Relaxed);

    let before = *images.lock().expect("no panic while locked");
    *images.lock().expect("no panic while locked") = before + 1;
    Ok(())
}
