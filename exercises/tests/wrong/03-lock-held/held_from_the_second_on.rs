//! Takes the first link quickly, and holds the lock during all others.
//! The check says: "no other one came"

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
    let first = queue.lock().unwrap().pop();
    let Some(link) = first else { return Ok(()) };
    save(&link, &blocking::download(&link)?)?;
    loop {
        let mut queue = queue.lock().unwrap();
        let Some(link) = queue.pop() else { return Ok(()) };
        save(&link, &blocking::download(&link)?)?;
    }
}
