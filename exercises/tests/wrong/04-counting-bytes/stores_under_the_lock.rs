//! Makes the two steps of the atomic safe with the lock.
//! The check says: "need not be atomic"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;
    let mut images = images.lock().unwrap();
    bytes.store(bytes.load(Ordering::Relaxed) + image.len(), Ordering::Relaxed);
    *images += 1;
    Ok(())
}
