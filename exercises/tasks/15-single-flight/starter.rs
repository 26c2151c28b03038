//! Task 15, single flight: eight readers that request the same images again and again.

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
    // TODO: what do other readers do between these two locks?
    if let Some(image) = cache.lock().expect("no panic while locked").get(link) {
        return Ok(Arc::clone(image));
    }
    let image = Arc::new(blocking::download(link)?);
    cache.lock().expect("no panic while locked").insert(link.to_owned(), Arc::clone(&image));
    Ok(image)
}
