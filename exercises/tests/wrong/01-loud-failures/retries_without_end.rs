//! Tries each failed download again until it succeeds.
//! The check says: "A second request hides"

#![warn(unused_results)]

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> ExitCode {
    let links = match blocking::album() {
        Ok(links) => links,
        Err(error) => {
            eprintln!("the album's list: {error}");
            return ExitCode::FAILURE;
        }
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

/// Many errors go away by themselves.
fn fetch(link: &str) -> Result<(), Error> {
    loop {
        if attempt(link).is_ok() {
            return Ok(());
        }
    }
}

fn attempt(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
