//! After an error, the link stays in flight, and the readers wait for ever.
//! The check says: "never requested the image again"

use exercises::{Error, blocking, shelf};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

const READERS: usize = 8;

type Image = Arc<Vec<u8>>;

#[derive(Default)]
struct Cache {
    images: Mutex<HashMap<String, Option<Image>>>,
    changed: Condvar,
}

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
