//! Lets other threads run before it repeats an exchange, or tries the lock again.

use exercises::counters;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::sync::{Mutex, thread};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    let size = blocking::download(link)?.len();
    let mut before = bytes.load(Ordering::Relaxed);
    while let Err(now) =
        bytes.compare_exchange_weak(before, before + size, Ordering::Relaxed, Ordering::Relaxed)
    {
        before = now;
        thread::yield_now();
    }
    loop {
        if let Ok(mut images) = images.try_lock() {
            *images += 1;
            return Ok(());
        }
        thread::yield_now();
    }
}
