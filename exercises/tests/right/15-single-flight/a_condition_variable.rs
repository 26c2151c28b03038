//! A map with the links in flight, and a condition variable.

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
    match &image {
        Ok(image) => drop(images.insert(link.to_owned(), Some(Arc::clone(image)))),
        Err(_) => drop(images.remove(link)),
    }
    cache.changed.notify_all();
    image
}
