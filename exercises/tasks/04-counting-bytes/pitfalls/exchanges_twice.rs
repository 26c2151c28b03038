//! Repeats the exchange once: enough for two threads, not for three.
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
    let before = bytes.load(Ordering::Relaxed);
    let add = |before: usize| {
        let after = before + image.len();
        bytes.compare_exchange(before, after, Ordering::Relaxed, Ordering::Relaxed)
    };
    if let Err(changed) = add(before) {
        let _ = add(changed);
    }
    *images.lock().unwrap() += 1;
    Ok(())
}
