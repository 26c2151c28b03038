//! Takes the number of a poisoned mutex, and holds the guard in a block.

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};
use std::sync::PoisonError;

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;
    {
        let mut images = images.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *images;
        *images = before + 1;
    }
    bytes.fetch_add(image.len(), Ordering::Relaxed);
    Ok(())
}
