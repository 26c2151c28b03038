//! Compares the name, and drops the guards by name.

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let image = blocking::download(link)?;
    let (mut source, mut target);
    if from.name == "left" {
        source = from.lock().unwrap();
        target = to.lock().unwrap();
    } else {
        target = to.lock().unwrap();
        source = from.lock().unwrap();
    }
    if source.remove(link) {
        target.insert(link.to_owned());
    }
    drop(source);
    drop(target);
    save(link, &image)
}
