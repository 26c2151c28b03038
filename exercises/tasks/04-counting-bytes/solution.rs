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
        let next = queue.lock().expect("no panic while locked").next();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(link)?;

        // `fetch_add` reads, adds and writes in one step. With `load` and `store`, another thread
        // could store in between, and its addition would be overwritten. `Relaxed` is enough,
        // because no other memory access depends on the order of the additions.
        bytes.fetch_add(image.len(), Ordering::Relaxed);

        // One guard lives until the semicolon, while the number is read and written. With two calls
        // of `lock`, another thread could read the same number in between.
        *images.lock().expect("no panic while locked") += 1;
    }
}
