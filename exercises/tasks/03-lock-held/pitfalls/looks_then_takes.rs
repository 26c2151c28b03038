//! Looks at a link under one lock and removes it under another.
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
    loop {
        let next = queue.lock().unwrap().last().cloned();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        save(&link, &image)?;
        queue.lock().unwrap().pop();
    }
}
