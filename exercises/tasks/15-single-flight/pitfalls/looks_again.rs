//! Looks into the cache again after the download.
//! The check says: "must be one step"

use exercises::readers::{self, Image};
use exercises::sync::{Arc, Mutex};
use exercises::{Error, blocking};
use std::collections::HashMap;

type Cache = Mutex<HashMap<String, Image>>;

pub fn main() -> Result<(), Error> {
    readers::run(get)
}

fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    if let Some(image) = cache.lock().unwrap().get(link) {
        return Ok(Arc::clone(image));
    }
    let image = Arc::new(blocking::download(link)?);
    let mut cache = cache.lock().unwrap();
    Ok(Arc::clone(cache.entry(link.to_owned()).or_insert(image)))
}
