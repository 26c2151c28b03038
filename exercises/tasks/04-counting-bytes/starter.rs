//! Task 4, counting bytes: five threads, two counters, and both numbers are too small.

use exercises::slow_motion::{self, AtomicUsize, Mutex};
use exercises::{Error, blocking};
use std::slice::Iter;
use std::sync::{self, atomic::Ordering};
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = sync::Mutex::new(links.iter());
    let images = Mutex::new(0);
    let bytes = AtomicUsize::new(0);

    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|_| scope.spawn(|| work(&queue, &images, &bytes))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })?;
    slow_motion::print(&images, &bytes);
    Ok(())
}

fn work(
    queue: &sync::Mutex<Iter<String>>,
    images: &Mutex<usize>,
    bytes: &AtomicUsize,
) -> Result<(), Error> {
    loop {
        let next = queue.lock().expect("no panic while locked").next();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(link)?;

        // TODO: other threads count at the same time. What can happen between these lines?
        let before = bytes.load(Ordering::Relaxed);
        bytes.store(before + image.len(), Ordering::Relaxed);

        let before = *images.lock().expect("no panic while locked");
        *images.lock().expect("no panic while locked") = before + 1;
    }
}
