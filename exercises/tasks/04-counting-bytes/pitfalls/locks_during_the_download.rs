//! Counts right, one download at a time: the guard is taken before the download.
//! The check says: "no count can go wrong"

use exercises::slow_motion::{self, AtomicUsize, Mutex};
use exercises::{Error, blocking};
use std::slice::Iter;
use std::sync::{self, atomic::Ordering};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = sync::Mutex::new(links.iter());
    let (images, bytes) = (Mutex::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        let work = || work(&queue, &images, &bytes);
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
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
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        let mut images = images.lock().unwrap();
        let image = blocking::download(link)?;
        bytes.fetch_add(image.len(), Ordering::Relaxed);
        *images += 1;
    }
}
