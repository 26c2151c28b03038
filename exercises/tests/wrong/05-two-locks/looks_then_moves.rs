//! Looks under both locks, in one order, then moves without the one that it has dropped.
//! The check says: "in no album"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    let is_there = {
        let (first, second) = if from.name < to.name { (from, to) } else { (to, from) };
        let _first = first.lock().unwrap();
        let _second = second.lock().unwrap();
        true
    };
    if is_there {
        let taken = from.lock().unwrap().take(link);
        to.lock().unwrap().extend(taken);
    }
    Ok(())
}
