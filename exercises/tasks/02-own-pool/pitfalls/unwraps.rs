//! A worker has nobody to give its error to, so it panics.
//! The check says: "and panicked"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

/// How many downloads are in progress at once.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());

    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| work(&queue));
        }
    });
    Ok(())
}

fn work(queue: &Mutex<Iter<String>>) {
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return };
        fetch(link).unwrap();
    }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
