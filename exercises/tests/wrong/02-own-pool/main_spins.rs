//! The main thread spins until the workers have ended.
//! The check says: "checks over and over"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(|| work(&queue))).collect();
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {}
        workers.into_iter().try_for_each(|it| it.join().unwrap())
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
}
