//! Task 1, loud failures: every result ends in one place, where it is counted.

// `JoinHandle` isn't `#[must_use]`, so by default the compiler doesn't warn when one is dropped,
// and the `Result` of its thread with it.
#![warn(unused_results)]

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> ExitCode {
    // `unwrap_or_default` would turn an error into an empty list: an album without failures.
    let links = match blocking::album() {
        Ok(links) => links,
        Err(error) => {
            eprintln!("the album cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };

    let saved = thread::scope(|scope| {
        // `collect` starts all threads before the first `join`. The link stays beside the handle,
        // since the error alone doesn't say which image it is about.
        let downloads: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        let mut saved = 0;
        for (link, download) in downloads {
            // The outer result is the thread's: it is an error if the thread panicked.
            match download.join() {
                Ok(Ok(())) => saved += 1,
                Ok(Err(error)) => eprintln!("failed {link}: {error}"),
                Err(_) => eprintln!("failed {link}: its thread panicked"),
            }
        }
        saved
    });

    println!("{saved} of {} images saved", links.len());
    // Scripts don't read what is printed. They see the exit code.
    if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fetch(link: &str) -> Result<(), Error> {
    // `?` ends only this download: the caller goes on with the other images.
    let image = blocking::download(link)?;
    save(link, &image)
}
