//! Task 2, your own pool: five threads, one queue.

use exercises::{Error, blocking, save};

/// Number of downloads in progress at the same time.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;

    // TODO: start WORKERS scoped threads, each of which takes the next link whenever it has
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
