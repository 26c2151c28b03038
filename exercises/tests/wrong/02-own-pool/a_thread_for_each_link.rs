//! Starts a thread for each link, as soon as one of five has ended.
//! The check says: "starts a new thread for each link"

use exercises::{Error, blocking, save};
use std::sync::{Mutex, mpsc};
use std::thread;

/// Number of downloads in progress at the same time.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;

    // A channel with room for five is a semaphore: a send acquires, a receive releases.
    let (acquire, release) = mpsc::sync_channel::<()>(WORKERS);
    let release = Mutex::new(release);
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for link in &links {
            acquire.send(()).expect("the receiver lives as long as `release`");
            let release = &release;
            threads.push(scope.spawn(move || {
                let result = fetch(link);
                release.lock().unwrap().recv().expect("this thread's own place");
                result
            }));
        }
        threads.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
