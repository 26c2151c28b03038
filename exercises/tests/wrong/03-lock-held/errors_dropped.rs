//! The scope waits, and drops what the workers return.
//! The check says: "Every download counts"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(|| work(&queue))).collect();
        drop(workers);
        Ok(())
    })
}

fn work(queue: &Mutex<Vec<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().pop();
        let Some(link) = next else { return Ok(()) };
        save(&link, &blocking::download(&link)?)?;
    }
}
