//! The main thread works, too, and drops its own error.
//! The check says: "Every download counts"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(|| work(&queue))).collect();
        let _ = work(&queue);
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
}
