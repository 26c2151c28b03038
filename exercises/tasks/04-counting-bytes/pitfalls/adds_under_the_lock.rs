//! Counts right, but changes the atomic only while the mutex is locked.
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
    *images += 1;
    bytes.fetch_add(image.len(), Ordering::Relaxed);
    Ok(())
}
