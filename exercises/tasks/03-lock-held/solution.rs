//! Task 3, the lock held too long: it is held to take a link, and for nothing else.

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
        // The guard has no name, so it is dropped at the semicolon, and the lock is released. In
        // the head of a `while let` it would live until the end of the body: the threads would take
        // turns.
        let next = queue.lock().expect("no panic while locked").pop();
        // `pop` looks at a link and removes it in one step. In two steps, each with a lock of its
        // own, other threads would see the same link in between.
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
