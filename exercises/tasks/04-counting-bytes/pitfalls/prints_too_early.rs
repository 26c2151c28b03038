//! Starts the threads, prints, and only then waits for them: the counters are still empty.
//! The check says: "before"

use exercises::slow_motion::{self, AtomicUsize, Mutex};
use exercises::{Error, blocking};
use std::sync::{self, atomic::Ordering};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = sync::Mutex::new(links.iter());
    let images = Mutex::new(0);
    let bytes = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| -> Result<(), Error> {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(link) = next else { return Ok(()) };
                    bytes.fetch_add(blocking::download(link)?.len(), Ordering::Relaxed);
                    *images.lock().unwrap() += 1;
                }
            });
        }
        slow_motion::print(&images, &bytes);
    });
    Ok(())
}
