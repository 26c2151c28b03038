//! Drops the guard by hand.

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
    loop {
        let mut guard = queue.lock().unwrap();
        let Some(link) = guard.pop() else { return Ok(()) };
        drop(guard);
        save(&link, &blocking::download(&link)?)?;
    }
}
