//! A worker ends if the queue is locked at the moment when it looks.
//! The check says: "`try_lock` doesn't wait"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);

    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(queue: &Mutex<Vec<String>>) -> Result<(), Error> {
    loop {
        let Ok(mut links) = queue.try_lock() else { return Ok(()) };
        let Some(link) = links.pop() else { return Ok(()) };
        drop(links);
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
