//! Loud, but too early: `?` ends the program at the first failure, and the rest never comes.
//! The check says: "gave up"

use exercises::{Fault, blocking, save};

pub fn main() -> Result<(), String> {
    let links = blocking::album().map_err(|fault| fault.to_string())?;
    for link in &links {
        fetch(link).map_err(|fault| format!("failed {link}: {fault}"))?;
    }
    println!("{} of {} images saved", links.len(), links.len());
    Ok(())
}

fn fetch(link: &str) -> Result<(), Fault> {
    save(link, &blocking::download(link)?)
}
