//! Task 5, two locks: all threads take them in the same order.

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

/// Saves an image, and moves its link from one album into another.
fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)?;

    // Every thread locks the album whose name comes first, whatever the direction: a thread that
    // holds the first lock can always get the second one. If each locked `from` first, each thread
    // could hold the album that the other one waits for.
    //
    // The guards keep the names of their roles, and both live until the image has moved. If the
    // first lock were released in between, others would see the image in no album.
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
