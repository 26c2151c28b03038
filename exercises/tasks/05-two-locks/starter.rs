//! Task 5, two locks: two threads that wait for each other for ever.

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

/// Saves an image, and moves its link from one album into another.
fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)?;

    // TODO: meanwhile, what does the other thread hold, and what does it wait for?
    let mut source = from.lock().expect("no panic while locked");
    let mut target = to.lock().expect("no panic while locked");
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
