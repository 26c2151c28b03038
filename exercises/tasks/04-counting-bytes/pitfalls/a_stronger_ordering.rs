//! Blames `Relaxed` for the lost update.
//! The check says: "No `Ordering`"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;
    let before = bytes.load(Ordering::SeqCst);
    bytes.store(before + image.len(), Ordering::SeqCst);
    *images.lock().unwrap() += 1;
    Ok(())
}
