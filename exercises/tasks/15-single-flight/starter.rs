//! Task 15, single flight: eight readers that request the same images again and again.

use exercises::readers::{self, Image};
use exercises::sync::{Arc, Mutex};
use exercises::{Error, blocking};
use std::collections::HashMap;

/// Empty at first: the readers' threads are started with `Cache::default()`.
type Cache = Mutex<HashMap<String, Image>>;

pub fn main() -> Result<(), Error> {
    readers::run(get)
}

/// Eight threads call this, each for all images, and once again for one that fails.
fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    // TODO: what do other readers do between these two locks?
    if let Some(image) = cache.lock().expect("no panic while locked").get(link) {
        return Ok(Arc::clone(image));
    }
    let image = Arc::new(blocking::download(link)?);
    cache.lock().expect("no panic while locked").insert(link.to_owned(), Arc::clone(&image));
    Ok(image)
}
