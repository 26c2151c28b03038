//! The threads only download; `main` saves each image that has arrived.
//! The check says: "requested the next one"

use exercises::{Error, blocking, save};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Number of downloads in progress at the same time.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let position = AtomicUsize::new(0);
    let (sender, images) = mpsc::channel();

    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let sender = sender.clone();
            let (links, position) = (&links, &position);
            scope.spawn(move || {
                while let Some(link) = links.get(position.fetch_add(1, Ordering::Relaxed)) {
                    let result = blocking::download(link);
                    let is_over = result.is_err();
                    if sender.send((link, result)).is_err() || is_over {
                        break;
                    }
                }
            });
        }
        // The loop below ends when the last worker has dropped its sender.
        drop(sender);

        // The workers have better things to do than wait for the disk.
        let mut outcome = Ok(());
        for (link, result) in images {
            let saved = result.and_then(|image| save(link, &image));
            outcome = outcome.and(saved);
        }
        outcome
    })
}
