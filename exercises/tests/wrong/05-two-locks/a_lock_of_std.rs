//! Takes one lock around each move, which the explorer does not know.
//! The check says: "the judge doesn't know"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};
use std::sync::Mutex;

static MOVING: Mutex<()> = Mutex::new(());

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    let _moving = MOVING.lock().unwrap();
    let mut source = from.lock().unwrap();
    let mut target = to.lock().unwrap();
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
