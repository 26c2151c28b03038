//! Waits for each thread before the next one is started: the iterator is lazy.
//! The check says: "wait for each other"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        (0..WORKERS)
            .map(|_| scope.spawn(|| work(&queue)))
            .try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
}
