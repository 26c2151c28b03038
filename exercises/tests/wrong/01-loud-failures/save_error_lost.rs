//! Counts an image that could not be written as saved.
//! The check says: "could not be saved"

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> ExitCode {
    let links = match blocking::album() {
        Ok(links) => links,
        Err(error) => {
            eprintln!("the album: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut saved = 0;
    thread::scope(|scope| {
        let threads: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        for (link, thread) in threads {
            match thread.join().expect("no thread panics") {
                Ok(()) => saved += 1,
                Err(error) => eprintln!("{link}: {error}"),
            }
        }
    });
    println!("{saved} of {} images saved", links.len());
    if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    let _ = save(link, &image);
    Ok(())
}
