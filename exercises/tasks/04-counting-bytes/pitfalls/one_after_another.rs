//! One thread cannot disturb itself.
//! The check says: "one request in flight"

use exercises::slow_motion::{self, AtomicUsize, Mutex};
use exercises::{Error, blocking};
use std::sync::atomic::Ordering;

pub fn main() -> Result<(), Error> {
    let images = Mutex::new(0);
    let bytes = AtomicUsize::new(0);
    for link in blocking::album()? {
        let image = blocking::download(&link)?;
        bytes.store(bytes.load(Ordering::Relaxed) + image.len(), Ordering::Relaxed);
        *images.lock().unwrap() += 1;
    }
    slow_motion::print(&images, &bytes);
    Ok(())
}
