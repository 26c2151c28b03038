//! Each worker goes through the whole list.
//! The check says: "goes through the whole list"

use exercises::{Error, blocking, save};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..5).map(|_| scope.spawn(|| links.iter().try_for_each(|link| fetch(link)))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
