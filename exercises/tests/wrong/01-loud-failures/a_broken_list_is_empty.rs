//! Treats a list that doesn't arrive as an empty album.
//! The check says: "No server could be reached"

#![warn(unused_results)]

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> ExitCode {
    let links = match blocking::album() {
        Ok(links) => links,
        Err(Error::Refused { status, .. }) => {
            eprintln!("the album's list: the server responded with status {status}");
            return ExitCode::FAILURE;
        }
        // There is an album, but it lists nothing that could be downloaded.
        Err(Error::Broken(_)) => Vec::new(),
    };

    let mut saved = 0;
    thread::scope(|scope| {
        let workers: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        for (link, worker) in workers {
            match worker.join() {
                Ok(Ok(())) => saved += 1,
                Ok(Err(error)) => eprintln!("{link}: {error}"),
                Err(_) => eprintln!("{link}: the thread panicked"),
            }
        }
    });
    println!("{saved} of {} images saved", links.len());
    if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
