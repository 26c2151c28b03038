//! The threads only download; `main` saves the images in the order of the album.
//! The check says: "requested the next one"

use exercises::{Error, blocking, save};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

const WORKERS: usize = 5;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (results, arrivals) = mpsc::channel();
        for _ in 0..WORKERS {
            let results = results.clone();
            let (links, next) = (&links, &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(link) = links.get(index) else { break };
                    if results.send((index, blocking::download(link))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);

        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (index, image) in arrivals {
            early.insert(index, image?);
            while let Some(image) = early.remove(&expected) {
                save(&links[expected], &image)?;
                expected += 1;
            }
        }
        Ok(())
    })
}
