//! Task 2, your own pool: five threads, one queue.

use exercises::{Error, blocking, save};

/// How many downloads are in progress at once.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;

    // TODO: let WORKERS scoped threads do this, each of which takes the next link when it has
    // finished one.
    let _ = WORKERS;
    for link in &links {
        fetch(link)?;
    }
    Ok(())
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
