//! Keeps all images in memory, and saves them at the end.
//! The check says: "that had arrived were not on the disk"

use exercises::{Error, blocking, save};
use std::sync::Mutex;
use std::thread;

/// Number of downloads in progress at the same time.
const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());

    let downloaded = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                scope.spawn(|| -> Result<Vec<(&String, Vec<u8>)>, Error> {
                    let mut images = Vec::new();
                    loop {
                        let next = queue.lock().unwrap().next();
                        let Some(link) = next else { return Ok(images) };
                        images.push((link, blocking::download(link)?));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("no worker panics"))
            .collect::<Result<Vec<_>, Error>>()
    })?;

    // There's only one disk: writing to it from several threads wouldn't be faster.
    for (link, image) in downloaded.into_iter().flatten() {
        save(link, &image)?;
    }
    Ok(())
}
