//! Looks under one lock and takes under another: another thread may take the last link between.
//! The check says: "takes one, under another lock"

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
        // TODO: how long is the queue locked?
        if queue.lock().expect("no panic while locked").is_empty() {
            return Ok(());
        }
        let link = queue.lock().expect("no panic while locked").pop().expect("it isn't empty");
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
