//! Task 3, the lock held too long: five threads that take turns.

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
    loop {
        // TODO: how long is the queue locked?
        let mut queue = queue.lock().expect("no panic while locked");
        let Some(link) = queue.pop() else { return Ok(()) };
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
