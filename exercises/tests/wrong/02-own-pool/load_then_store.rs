//! Reads the index, and then writes the next one.
//! The check says: "must be one step: `fetch_add`"

use exercises::{Error, blocking, save};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(|| work(&links, &next))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(links: &[String], next: &AtomicUsize) -> Result<(), Error> {
    loop {
        let index = next.load(Ordering::SeqCst);
        next.store(index + 1, Ordering::SeqCst);
        let Some(link) = links.get(index) else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
}
