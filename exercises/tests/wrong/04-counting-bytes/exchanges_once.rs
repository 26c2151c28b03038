//! Exchanges once, and forgets its bytes if another thread was faster.
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
    let before = bytes.load(Ordering::Acquire);
    let _ =
        bytes.compare_exchange(before, before + image.len(), Ordering::AcqRel, Ordering::Acquire);
    *images.lock().unwrap() += 1;
    Ok(())
}
