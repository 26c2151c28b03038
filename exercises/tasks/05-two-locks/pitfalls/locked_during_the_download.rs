//! Takes both locks, in the same order, but before the download.
//! The check says: "during a download"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let (first, second) = if from.name < to.name { (from, to) } else { (to, from) };
    let mut guards = [first.lock().unwrap(), second.lock().unwrap()];
    if first.name != from.name {
        guards.reverse();
    }
    let [source, target] = &mut guards;
    save(link, &blocking::download(link)?)?;
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
