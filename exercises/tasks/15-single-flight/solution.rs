//! Task 15, single flight: the first reader that wants an image requests it, and the others wait for
//! that request.

use exercises::{Error, blocking, shelf};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;

const READERS: usize = 8;

type Image = Arc<Vec<u8>>;
/// The place of one image, which is empty until it has been downloaded. Its lock is held during the
/// download.
type Slot = Arc<Mutex<Option<Image>>>;
/// The lock of the map is held only to find a slot, or to add one.
type Cache = Mutex<HashMap<String, Slot>>;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let cache = Cache::default();

    thread::scope(|scope| {
        let start = |reader| {
            let (links, cache) = (&links, &cache);
            scope.spawn(move || read(reader, links, cache))
        };
        let readers: Vec<_> = (1..=READERS).map(start).collect();
        readers.into_iter().try_for_each(|reader| reader.join().expect("no reader panics"))
    })
}

/// Reads all images. Each reader begins with another one.
fn read(reader: usize, links: &[String], cache: &Cache) -> Result<(), Error> {
    for index in 0..links.len() {
        let link = &links[(reader + index) % links.len()];
        // The server may fail once and succeed a moment later.
        let image = get(link, cache).or_else(|_| get(link, cache))?;
        shelf::put(reader, link, &image)?;
    }
    Ok(())
}

fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    // The guard is dropped at the semicolon. If the map stayed locked during the download, readers
    // of other images would wait as well.
    let slot = cache.lock().expect("no panic while locked").entry(link.into()).or_default().clone();

    // Looking into the slot and filling it are one step for the readers of this image: those that
    // come meanwhile wait here.
    let mut slot = slot.lock().expect("no panic while locked");
    if let Some(image) = &*slot {
        return Ok(Arc::clone(image));
    }
    // After an error the slot is still empty, and the next reader requests the image again. A
    // `OnceLock<Result<…>>` would keep the error for ever.
    let image = Arc::new(blocking::download(link)?);
    *slot = Some(Arc::clone(&image));
    Ok(image)
}
