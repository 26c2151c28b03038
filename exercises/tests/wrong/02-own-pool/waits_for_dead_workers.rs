//! Hands links to workers that may all have ended after an error.
//! The check says: "in which no image could be downloaded, your program did not end"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Number of downloads in progress at the same time.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;

    // As an unbuffered channel in Go: a send waits until a worker takes the link.
    let (sender, receiver) = mpsc::sync_channel(0);
    let queue = Mutex::new(receiver);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&queue))).collect();
        for link in links {
            sender.send(link).expect("the receiver lives as long as `queue`");
        }
        drop(sender);
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(queue: &Mutex<Receiver<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().expect("no panic while locked").recv();
        let Ok(link) = next else { return Ok(()) };
        fetch(&link)?;
    }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
