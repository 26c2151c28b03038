//! Counts right, one download at a time: the guard is taken before the download.
//! The check says: "during a download"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let mut images = images.lock().unwrap();
    let image = blocking::download(link)?;
    bytes.fetch_add(image.len(), Ordering::Relaxed);
    *images += 1;
    Ok(())
}
