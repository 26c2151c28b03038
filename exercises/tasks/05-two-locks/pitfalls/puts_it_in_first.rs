//! Never holds two locks and loses nothing, but on its way an image is in both albums.
//! The check says: "finds an image twice"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    to.lock().unwrap().insert(link.to_owned());
    from.lock().unwrap().remove(link);
    Ok(())
}
