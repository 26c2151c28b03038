//! Starts a thread for each image: concurrent, but without a limit.
//! The check says: "the limit is 5"

use exercises::{Error, blocking, save};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    thread::scope(|scope| {
        let threads: Vec<_> = links.iter().map(|link| scope.spawn(|| fetch(link))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
