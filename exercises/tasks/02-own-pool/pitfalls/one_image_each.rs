//! Has a queue, but no loop: each worker takes one link and returns.
//! The check says: "never requested"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    let next = queue.lock().unwrap().next();
    let Some(link) = next else { return Ok(()) };
    save(link, &blocking::download(link)?)
}
