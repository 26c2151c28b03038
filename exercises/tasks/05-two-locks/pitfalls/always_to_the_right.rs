//! Sorts the albums, and forgets which of them is the source.
//! The check says: "which of the two guards"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    let (first, second) = if from.name < to.name { (from, to) } else { (to, from) };
    let mut source = first.lock().unwrap();
    let mut target = second.lock().unwrap();
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
