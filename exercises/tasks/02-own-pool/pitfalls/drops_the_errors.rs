//! Drops what the workers return: the scope waits for them, and ignores their errors.
//! The check says: "exit code 0"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

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

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
}
