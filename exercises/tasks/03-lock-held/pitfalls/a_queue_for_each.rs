//! Gives each worker its own copy of the queue.
//! The check says: "its own copy of the queue"

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
    let mut links = queue.lock().unwrap().clone();
    while let Some(link) = links.pop() {
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
    Ok(())
}
