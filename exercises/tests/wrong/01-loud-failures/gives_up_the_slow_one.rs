//! Reports a download that takes longer than two seconds as failed, and waits for its end.
//! The check says: "add up"

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

pub fn main() -> Result<ExitCode, Error> {
    let links = blocking::album()?;
    let started = Instant::now();
    let saved = thread::scope(|scope| {
        let downloads: Vec<_> =
            links.iter().map(|link| (link, scope.spawn(|| fetch(link)))).collect();
        let mut saved = 0;
        for (link, download) in downloads {
            match download.join().expect("no thread panics") {
                Ok(()) if started.elapsed() > Duration::from_secs(2) => {
                    eprintln!("failed {link}: it is too slow");
                }
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
    save(link, &blocking::download(link)?)
}
