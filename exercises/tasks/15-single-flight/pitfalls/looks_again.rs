//! Looks into the cache again after the download.
//! The check says: "must be one step"

use exercises::{Error, blocking, shelf};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;

const READERS: usize = 8;

type Image = Arc<Vec<u8>>;
type Cache = Mutex<HashMap<String, Image>>;

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

fn read(reader: usize, links: &[String], cache: &Cache) -> Result<(), Error> {
    for index in 0..links.len() {
        let link = &links[(reader + index) % links.len()];
        let image = get(link, cache).or_else(|_| get(link, cache))?;
        shelf::put(reader, link, &image)?;
    }
    Ok(())
}

fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    if let Some(image) = cache.lock().unwrap().get(link) {
        return Ok(Arc::clone(image));
    }
    let image = Arc::new(blocking::download(link)?);
    let mut cache = cache.lock().unwrap();
    Ok(Arc::clone(cache.entry(link.to_owned()).or_insert(image)))
}
