//! Task 2, your own pool: each worker takes the next link as soon as it is idle.

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

/// Number of downloads in progress at the same time.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    // An iterator already knows which link is next. The mutex lets one worker at a time ask it.
    let queue = Mutex::new(links.iter());

    // Scoped threads may borrow `queue`, because the scope doesn't end before they do.
    thread::scope(|scope| {
        // Iterators are lazy. Without `collect`, each worker would be started only when the one
        // before it has been joined.
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        // Without `join`, the scope would still wait, but drop what the workers return.
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        // The lock is released at the end of this line, so it isn't held during the download.
        let next = queue.lock().expect("no panic while locked").next();
        let Some(link) = next else { return Ok(()) };
        fetch(link)?;
    }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
