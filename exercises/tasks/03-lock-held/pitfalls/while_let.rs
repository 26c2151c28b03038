//! Keeps an invisible guard: a temporary in the head of a `while let` lives until its end.
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
    while let Some(link) = queue.lock().unwrap().pop() {
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
    Ok(())
}
