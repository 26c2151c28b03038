//! Counts with std's types, and shows the result in the others: whether it is right, nobody sees.
//! The check says: "They are to do the counting"

use exercises::{Error, blocking, slow_motion};
use std::slice::Iter;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{self, Mutex};
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
    let images = slow_motion::Mutex::new(images.into_inner().unwrap());
    let bytes = slow_motion::AtomicUsize::new(bytes.into_inner());
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

        bytes.fetch_add(image.len(), Ordering::Relaxed);
        *images.lock().unwrap() += 1;
    }
}
