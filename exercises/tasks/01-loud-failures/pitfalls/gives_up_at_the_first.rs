//! Ends the program at the first failure, by `?` in the loop.
//! The check says: "gave up"

use exercises::{Error, blocking, save};

pub fn main() -> Result<(), String> {
    let links = blocking::album().map_err(|error| error.to_string())?;
    for link in &links {
        fetch(link).map_err(|error| format!("failed {link}: {error}"))?;
    }
    println!("{} of {} images saved", links.len(), links.len());
    Ok(())
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
