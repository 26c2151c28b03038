//! A shared variable holds the outcome of the download that ended last.
//! The check says: "a later success must not replace an error"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    let outcome = Mutex::new(Ok(()));
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(link) = next else { return };
                    let result = fetch(link);
                    *outcome.lock().unwrap() = result;
                }
            });
        }
    });
    outcome.into_inner().unwrap()
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
