//! Puts a failed link back into the queue, and goes on.
//! The check says: "a failure is final"

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
        let next = queue.lock().expect("no panic while locked").pop();
        let Some(link) = next else { return Ok(()) };
        match blocking::download(&link) {
            Ok(image) => save(&link, &image)?,
            // Perhaps the server is back in a moment.
            Err(_) => queue.lock().expect("no panic while locked").push(link),
        }
    }
}
