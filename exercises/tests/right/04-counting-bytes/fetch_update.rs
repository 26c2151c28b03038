//! Updates the atomic with a closure.

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let image = blocking::download(link)?;
    let add = |bytes| Some(bytes + image.len());
    bytes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add).expect("it is never None");
    *images.lock().unwrap() += 1;
    Ok(())
}
