//! Goes on without an image that another reader has requested.
//! The check says: "and not go on without it"

use exercises::{Error, blocking, shelf};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;

const READERS: usize = 8;

type Image = Arc<Vec<u8>>;
type Cache = Mutex<HashMap<String, Option<Image>>>;

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
        if let Some(image) = image {
            shelf::put(reader, link, &image)?;
        }
    }
    Ok(())
}

fn get(link: &str, cache: &Cache) -> Result<Option<Image>, Error> {
    if let Some(image) = cache.lock().unwrap().get(link) {
        return Ok(image.clone());
    }
    if cache.lock().unwrap().insert(link.to_owned(), None).is_some() {
        return Ok(None);
    }
    let image = Arc::new(blocking::download(link)?);
    cache.lock().unwrap().insert(link.to_owned(), Some(Arc::clone(&image)));
    Ok(Some(image))
}
