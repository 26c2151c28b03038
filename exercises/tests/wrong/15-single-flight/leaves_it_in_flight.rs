//! After an error, the link stays in flight, and the readers wait for ever.
//! The check says: "Before that, 1.png failed"

use exercises::readers::{self, Image};
use exercises::sync::{Arc, Condvar, Mutex};
use exercises::{Error, blocking};
use std::collections::HashMap;

#[derive(Default)]
struct Cache {
    images: Mutex<HashMap<String, Option<Image>>>,
    changed: Condvar,
}

pub fn main() -> Result<(), Error> {
    readers::run(get)
}

fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    let mut images = cache.images.lock().unwrap();
    loop {
        match images.get(link) {
            Some(Some(image)) => return Ok(Arc::clone(image)),
            Some(None) => images = cache.changed.wait(images).unwrap(),
            None => break,
        }
    }
    images.insert(link.to_owned(), None);
    drop(images);
    let image = blocking::download(link).map(Arc::new);
    let mut images = cache.images.lock().unwrap();
    if let Ok(image) = &image {
        images.insert(link.to_owned(), Some(Arc::clone(image)));
    }
    cache.changed.notify_all();
    image
}
