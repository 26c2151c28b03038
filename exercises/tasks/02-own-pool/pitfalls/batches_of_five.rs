//! Starts the next five downloads only when the slowest of the last five has ended.
//! The check says: "downloaded in batches"

use exercises::{Error, blocking, save};
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    for batch in links.chunks(WORKERS) {
        thread::scope(|scope| {
            let threads: Vec<_> = batch.iter().map(|link| scope.spawn(|| fetch(link))).collect();
            threads.into_iter().try_for_each(|thread| thread.join().unwrap())
        })?;
    }
    Ok(())
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
