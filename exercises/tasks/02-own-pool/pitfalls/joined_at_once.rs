//! Waits for each thread before the next one is started: the iterator is lazy.
//! The check says: "never had more than one"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        (0..WORKERS)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().unwrap().next();
                        let Some(link) = next else { return Ok(()) };
                        fetch(link)?;
                    }
                })
            })
            .try_for_each(|worker| worker.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
