//! Task 1, loud failures: a downloader that never reports a failure.

use exercises::{Error, blocking, save};
use std::thread;

pub fn main() {
    let links = blocking::album().unwrap_or_default();

    // TODO: name each link that failed, count what was saved, and return an exit code.
    // (Put `#![warn(unused_results)]` above the first `use` and see what the compiler says.)
    thread::scope(|scope| {
        for link in &links {
            scope.spawn(|| fetch(link));
        }
    });
    println!("done: {} images", links.len());
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
