//! Counts the image before it has been downloaded.
//! The check says: "counted nevertheless"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    *images.lock().expect("no panic while locked") += 1;
    let image = blocking::download(link)?;
    bytes.fetch_add(image.len(), Ordering::Relaxed);
    Ok(())
}
