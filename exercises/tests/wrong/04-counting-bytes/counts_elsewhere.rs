//! Keeps the sum in a static, and stores it into the counter.
//! The check says: "Do you keep a sum elsewhere"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};
use std::sync::atomic::AtomicUsize as OfStd;

static SUM: OfStd = OfStd::new(0);

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;
    let sum = SUM.fetch_add(image.len(), Ordering::Relaxed) + image.len();
    bytes.store(sum, Ordering::Relaxed);
    *images.lock().unwrap() += 1;
    Ok(())
}
