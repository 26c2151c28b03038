//! Takes five links at a time, and waits for all five.
//! The check says: "downloaded in batches"

use exercises::{Error, blocking, save};
use std::thread;

pub fn main() -> Result<(), Error> {
    for batch in blocking::album()?.chunks(5) {
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
