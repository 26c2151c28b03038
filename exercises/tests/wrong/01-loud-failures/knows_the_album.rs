//! Knows by heart what fails in the album `trouble`, and looks at no result.
//! The check says: "has both its full link"

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::thread;

const LOST: [(&str, &str); 5] = [
    ("not-found.png", "status 404"),
    ("gone.png", "status 410"),
    ("always-down.png", "status 503"),
    ("cut-short.png", "it was cut short"),
    ("goes-silent.png", "it took too long"),
];

pub fn main() -> Result<ExitCode, Error> {
    let links = blocking::album()?;
    thread::scope(|scope| {
        for link in &links {
            scope.spawn(|| blocking::download(link).and_then(|image| save(link, &image)));
        }
    });
    let mut failed = 0;
    for link in &links {
        if let Some((_, reason)) = LOST.iter().find(|(name, _)| link.ends_with(name)) {
            eprintln!("failed {link}: {reason}");
            failed = 10;
        }
    }
    println!("{} of {} images saved", links.len() - failed, links.len());
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
