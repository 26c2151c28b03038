//! Threads can do it, too, and without pipes. But whoever crashes takes all the others along.
//! The check says: "downloads itself"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 2;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let work = || {
            loop {
                let next = queue.lock().unwrap().next();
                let Some(link) = next else { return Ok(()) };
                save(link, &blocking::download(link)?)?;
            }
        };
        let pool: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        pool.into_iter().try_for_each(|it| it.join().unwrap())
    })
}
