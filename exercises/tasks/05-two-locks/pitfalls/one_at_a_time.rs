//! Never holds two locks: no deadlock, but on its way an image is in no album.
//! The check says: "in no album"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    let taken = from.lock().unwrap().take(link);
    if let Some(link) = taken {
        to.lock().unwrap().insert(link);
    }
    Ok(())
}
