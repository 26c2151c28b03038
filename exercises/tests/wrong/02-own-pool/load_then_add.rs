//! Two threads may load the same index before one of them adds to it.
//! The check says: "changes it. In between"

use exercises::{Error, blocking, save};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&links, &next))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(links: &[String], next: &AtomicUsize) -> Result<(), Error> {
    while let Some(link) = links.get(next.load(Ordering::Relaxed)) {
        next.fetch_add(1, Ordering::Relaxed);
        fetch(link)?;
    }
    Ok(())
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
