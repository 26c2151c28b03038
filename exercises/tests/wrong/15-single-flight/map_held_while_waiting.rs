//! Waits for an image that is in flight, and holds the lock of the whole cache meanwhile.
//! The check says: "Readers of different images must not wait for each other"

use exercises::readers::{self, Image};
use exercises::sync::{Arc, Mutex};
use exercises::{Error, blocking};
use std::collections::HashMap;

/// Empty at first: the readers' threads are started with `Cache::default()`.
type Cache = Mutex<HashMap<String, Arc<Mutex<Option<Image>>>>>;

pub fn main() -> Result<(), Error> {
    readers::run(get)
}

/// Eight threads call this, each for all images, and once again for one that fails.
fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    let mut slots = cache.lock().expect("no panic while locked");
    let slot = Arc::clone(slots.entry(link.to_owned()).or_default());
    let mut image = slot.lock().expect("no panic while locked");
    // No other thread can get this slot now, so the map isn't needed during the download.
    drop(slots);
    if let Some(image) = &*image {
        return Ok(Arc::clone(image));
    }
    let downloaded = Arc::new(blocking::download(link)?);
    *image = Some(Arc::clone(&downloaded));
    Ok(downloaded)
}
