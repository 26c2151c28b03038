//! Each reader makes a slot of its own.
//! The check says: "must be one step"

use exercises::{Error, blocking, shelf};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;

const READERS: usize = 8;

type Image = Arc<Vec<u8>>;
type Slot = Arc<Mutex<Option<Image>>>;
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

fn read(reader: usize, links: &[String], cache: &Cache) -> Result<(), Error> {
    for index in 0..links.len() {
        let link = &links[(reader + index) % links.len()];
        let image = get(link, cache).or_else(|_| get(link, cache))?;
        shelf::put(reader, link, &image)?;
    }
    Ok(())
}

fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    let slot = cache
        .lock()
        .expect("no panic while locked")
        .insert(link.into(), Slot::default())
        .unwrap_or_default();

    let mut slot = slot.lock().expect("no panic while locked");
    if let Some(image) = &*slot {
        return Ok(Arc::clone(image));
    }
    let image = Arc::new(blocking::download(link)?);
    *slot = Some(Arc::clone(&image));
    Ok(image)
}
