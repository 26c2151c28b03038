//! Logs the beginning of each download on stderr.

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

pub fn main() -> Result<ExitCode, Error> {
    let links = blocking::album()?;
    let saved = thread::scope(|scope| {
        let downloads: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        let mut saved = 0;
        for (link, download) in downloads {
            match download.join().expect("no thread panics") {
                Ok(()) => saved += 1,
                Err(error) => eprintln!("failed {link}: {error}"),
            }
        }
        saved
    });
    println!("{saved} of {} images saved", links.len());
    Ok(if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn fetch(link: &str) -> Result<(), Error> {
    eprintln!("downloading {link}");
    save(link, &blocking::download(link)?)
}
