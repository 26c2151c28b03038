//! The trouble with the lock is gone, since there is only one thread left.
//! The check says: "never had more than one"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Vec<String>>) -> Result<(), Error> {
    let links = queue.lock().unwrap().split_off(0);
    for link in &links {
        let image = blocking::download(link)?;
        save(link, &image)?;
    }
    Ok(())
}
