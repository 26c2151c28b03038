//! As many threads as there are images: concurrent, but nobody set a limit.
//! The check says: "no limit"

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
