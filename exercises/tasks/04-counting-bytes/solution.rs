//! Task 4, counting bytes: reading, adding and writing are one step.

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

    // `fetch_add` reads, adds and writes in one step. With `load` and `store`, another thread could
    // store in between, and its addition would be overwritten. `Relaxed` is enough, because no other
    // memory access depends on the order of the additions.
    bytes.fetch_add(image.len(), Ordering::Relaxed);

    // One guard lives until the semicolon, while the number is read and written. With two calls of
    // `lock`, another thread could read the same number in between.
    *images.lock().expect("no panic while locked") += 1;
    Ok(())
}
