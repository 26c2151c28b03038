//! Task 4, counting bytes: reading, adding and writing are one step.

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
        let next = queue.lock().expect("nobody panics with it").next();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(link)?;

        // Nothing else depends on the order of these additions, so `Relaxed` is enough.
        bytes.fetch_add(image.len(), Ordering::Relaxed);

        // The guard lives until the semicolon: nobody comes between reading and writing.
        *images.lock().expect("nobody panics with it") += 1;
    }
}
