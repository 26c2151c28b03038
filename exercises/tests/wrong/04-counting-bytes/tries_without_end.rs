//! Waits for the lock by asking again and again.
//! The check says: "and never ends"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;
    bytes.fetch_add(image.len(), Ordering::Relaxed);
    loop {
        if let Ok(mut images) = images.try_lock() {
            *images += 1;
            return Ok(());
        }
    }
}
