//! A queue, but no loop around it: each worker takes one link and goes home.
//! The check says: "went home"

use exercises::{Error, blocking, save};
use std::sync::{Mutex, mpsc};
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let (sender, receiver) = mpsc::channel();
    for link in links {
        sender.send(link).unwrap();
    }
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                scope.spawn(|| {
                    let link: String = receiver.lock().unwrap().recv().unwrap();
                    fetch(&link)
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
