//! Counts the image before its download, and subtracts it again if the download fails.
//! The check says: "counted first, and subtracted"

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

/// Five threads call this, once for each image.
fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    *images.lock().expect("no panic while locked") += 1;
    match blocking::download(link) {
        Ok(image) => {
            bytes.fetch_add(image.len(), Ordering::Relaxed);
            Ok(())
        }
        Err(error) => {
            // It doesn't count after all.
            *images.lock().expect("no panic while locked") -= 1;
            Err(error)
        }
    }
}
