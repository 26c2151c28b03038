//! `fetch_add`, and a flag that ends all workers after an error.

use exercises::{Error, blocking, save};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(link) = links.get(index) else { break };
            if let Err(error) = fetch(link) {
                failed.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
