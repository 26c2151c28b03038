//! The counters of std in their place: too fast for the mistake to be seen, and it is there.
//! The check says: "ended without `slow_motion::print`"

use exercises::{Fault, blocking};
use std::slice::Iter;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{self, Mutex};
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Fault> {
    let links = blocking::album()?;
    let queue = sync::Mutex::new(links.iter());
    let images = Mutex::new(0);
    let bytes = AtomicUsize::new(0);

    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|_| scope.spawn(|| work(&queue, &images, &bytes))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })?;
    let (images, bytes) = (images.into_inner().unwrap(), bytes.into_inner());
    println!("{images} images, {bytes} bytes");
    Ok(())
}

fn work(
    queue: &sync::Mutex<Iter<String>>,
    images: &Mutex<usize>,
    bytes: &AtomicUsize,
) -> Result<(), Fault> {
    loop {
        let next = queue.lock().expect("nobody panics with it").next();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(link)?;

        let before = bytes.load(Ordering::Relaxed);
        bytes.store(before + image.len(), Ordering::Relaxed);
        let before = *images.lock().unwrap();
        *images.lock().unwrap() = before + 1;
    }
}
