//! The guard lives in a function of its own.

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Vec<String>>) -> Result<(), Error> {
    while let Some(link) = take(queue) {
        save(&link, &blocking::download(&link)?)?;
    }
    Ok(())
}

fn take(queue: &Mutex<Vec<String>>) -> Option<String> {
    queue.lock().unwrap().pop()
}
