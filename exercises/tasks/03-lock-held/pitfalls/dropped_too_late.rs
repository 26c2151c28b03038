//! Drops the guard by hand, but after the download.
//! The check says: "wait for each other"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Vec<String>>) -> Result<(), Error> {
    loop {
        let mut queue = queue.lock().unwrap();
        let Some(link) = queue.pop() else { return Ok(()) };
        let image = blocking::download(&link)?;
        drop(queue);
        save(&link, &image)?;
    }
}
