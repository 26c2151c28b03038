//! Downloads every image and saves none.
//! The check says: "missing in downloads"

use exercises::{Error, blocking};
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
    loop {
        let next = queue.lock().unwrap().pop();
        let Some(link) = next else { return Ok(()) };
        blocking::download(&link)?;
    }
}
