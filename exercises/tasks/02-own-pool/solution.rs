//! Task 2, your own pool: whoever is free takes the next link.

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

/// How many downloads are in progress at once.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());

    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        // The lock is let go at the end of this line: the download needs no lock.
        let next = queue.lock().expect("nobody panics with it").next();
        let Some(link) = next else { return Ok(()) };
        fetch(link)?;
    }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
