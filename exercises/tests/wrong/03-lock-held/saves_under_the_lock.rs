//! Saves an image while the queue is locked for the next link.
//! The check says: "Is the queue locked while an image is saved?"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);

    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(queue: &Mutex<Vec<String>>) -> Result<(), Error> {
    let mut next = queue.lock().expect("no panic while locked").pop();
    while let Some(link) = next {
        let image = blocking::download(&link)?;
        let mut queue = queue.lock().expect("no panic while locked");
        save(&link, &image)?;
        next = queue.pop();
    }
    Ok(())
}
