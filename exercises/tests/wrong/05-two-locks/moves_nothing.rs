//! Downloads and saves only: nothing can go wrong between threads that share nothing.
//! The check says: "Nothing is moved"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let _ = (from, to);
    save(link, &blocking::download(link)?)
}
