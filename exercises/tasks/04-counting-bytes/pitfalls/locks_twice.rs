//! Locks for each access, but not for both together.
//! The check says: "locked twice"

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
    let counted = *images.lock().unwrap() + 1;
    *images.lock().unwrap() = counted;
    Ok(())
}
