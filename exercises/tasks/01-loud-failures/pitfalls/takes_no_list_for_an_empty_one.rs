//! Counts all downloads, but keeps the starter's `unwrap_or_default`: no list, no failures.
//! The check says: "list itself"

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> ExitCode {
    let links = blocking::album().unwrap_or_default();
    let mut saved = 0;
    thread::scope(|scope| {
        let downloads: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        for (link, download) in downloads {
            match download.join() {
                Ok(Ok(())) => saved += 1,
                other => eprintln!("failed {link}: {other:?}"),
            }
        }
    });
    println!("{saved} of {} images saved", links.len());
    if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
