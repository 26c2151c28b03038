//! Locks in the order of the names, and takes a failed download for an image that is done.
//! The check says: "a later success must not replace an error"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

/// Saves an image, and moves its link from one album into another.
fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let Ok(image) = blocking::download(link) else { return Ok(()) };
    save(link, &image)?;

    let (source, target) = if from.name < to.name {
        let source = from.lock();
        (source, to.lock())
    } else {
        let target = to.lock();
        (from.lock(), target)
    };
    let mut source = source.expect("no panic while locked");
    let mut target = target.expect("no panic while locked");
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
