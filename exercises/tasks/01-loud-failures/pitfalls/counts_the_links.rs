//! Prints the number of links as the number of saved images.
//! The check says: "add up"

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

pub fn main() -> Result<ExitCode, Error> {
    let links = blocking::album()?;
    let failed = &AtomicBool::new(false);
    thread::scope(|scope| {
        for link in &links {
            scope.spawn(move || {
                if let Err(error) = fetch(link) {
                    failed.store(true, Ordering::Relaxed);
                    eprintln!("failed {link}: {error}");
                }
            });
        }
    });
    println!("{} of {} images saved", links.len(), links.len());
    Ok(if failed.load(Ordering::Relaxed) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
