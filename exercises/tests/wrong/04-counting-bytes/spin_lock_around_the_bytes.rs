//! Guards `load` and `store` with a lock made of an `AtomicBool`.
//! The check says: "even if it is made of an atomic"

use exercises::counters;
use exercises::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use exercises::sync::{Mutex, thread};
use exercises::{Error, blocking};

/// Whether a thread is adding to the bytes.
static ADDING: AtomicBool = AtomicBool::new(false);

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

/// Five threads call this, once for each image.
fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;

    // No mutex: only atomics.
    while ADDING.swap(true, Ordering::Acquire) {
        thread::yield_now();
    }
    let before = bytes.load(Ordering::Relaxed);
    bytes.store(before + image.len(), Ordering::Relaxed);
    ADDING.store(false, Ordering::Release);

    *images.lock().expect("no panic while locked") += 1;
    Ok(())
}
