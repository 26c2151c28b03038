//! Downloads one image after another, without threads.
//! The check says: "keep the threads"

use exercises::{Error, blocking, save};
use std::process::ExitCode;

pub fn main() -> Result<ExitCode, Error> {
    let links = blocking::album()?;
    let mut saved = 0;
    for link in &links {
        match blocking::download(link).and_then(|image| save(link, &image)) {
            Ok(()) => saved += 1,
            Err(error) => eprintln!("failed {link}: {error}"),
        }
    }
    println!("{saved} of {} images saved", links.len());
    Ok(if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
