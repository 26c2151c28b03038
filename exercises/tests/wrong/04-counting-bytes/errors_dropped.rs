//! A failed download is no error.
//! The check says: "a later success must not replace an error"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

/// Five threads call this, once for each image.
#[expect(clippy::unnecessary_wraps, reason = "it should return the error")]
fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let Ok(image) = blocking::download(link) else { return Ok(()) };

    // TODO: other threads count at the same time. What can happen between these lines?
    bytes.fetch_add(image.len(), Ordering::Relaxed);
    *images.lock().expect("no panic while locked") += 1;
    Ok(())
}
