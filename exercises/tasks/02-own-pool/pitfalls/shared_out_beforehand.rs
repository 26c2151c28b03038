//! Gives each thread its share at the start: a thread that is done early can't help the others.
//! The check says: "share the images out beforehand"

use exercises::{Error, blocking, save};
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let links = &links;
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|first| {
                let mut share = links.iter().skip(first).step_by(WORKERS);
                scope.spawn(move || share.try_for_each(|link| fetch(link)))
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
