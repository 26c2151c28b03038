//! Takes one lock around each move and its download.
//! The check says: "during a download"

use exercises::sync::Mutex;
use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

static MOVING: Mutex<()> = Mutex::new(());

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let _moving = MOVING.lock().unwrap();
    save(link, &blocking::download(link)?)?;
    let mut source = from.lock().unwrap();
    let mut target = to.lock().unwrap();
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
