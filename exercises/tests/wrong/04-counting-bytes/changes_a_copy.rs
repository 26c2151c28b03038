//! Adds to a copy of the number.
//! The check says: "One thread alone"

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
    let mut counted = *images.lock().unwrap();
    counted += 1;
    let _ = counted;
    Ok(())
}
