//! Prints the failures and reports success to the program that started it.
//! The check says: "exit code 0"

use exercises::{Error, blocking, save};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let saved = &AtomicUsize::new(0);
    thread::scope(|scope| {
        for link in &links {
            scope.spawn(move || match fetch(link) {
                Ok(()) => _ = saved.fetch_add(1, Ordering::Relaxed),
                Err(error) => eprintln!("failed {link}: {error}"),
            });
        }
    });
    println!("{} of {} images saved", saved.load(Ordering::Relaxed), links.len());
    Ok(())
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
