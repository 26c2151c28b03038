//! Treats a failed download as a bug: `unwrap` in each thread.
//! The check says: "panicked"

use exercises::{blocking, save};
use std::thread;

pub fn main() {
    let links = blocking::album().unwrap();
    thread::scope(|scope| {
        for link in &links {
            scope.spawn(|| {
                let image = blocking::download(link).unwrap();
                save(link, &image).unwrap();
            });
        }
    });
    println!("{} of {} images saved", links.len(), links.len());
}
