//! Gives the other thread time, and hopes.
//! The check says: "A deadlock: "

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    let mut source = from.lock().unwrap();
    if from.name == "right" {
        std::thread::sleep(std::time::Duration::from_micros(10));
    }
    let mut target = to.lock().unwrap();
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
