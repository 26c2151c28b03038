//! Each reader makes a slot of its own.
//! The check says: "must be one step"

use exercises::readers::{self, Image};
use exercises::sync::{Arc, Mutex};
use exercises::{Error, blocking};
use std::collections::HashMap;

type Slot = Arc<Mutex<Option<Image>>>;
type Cache = Mutex<HashMap<String, Slot>>;

pub fn main() -> Result<(), Error> {
    readers::run(get)
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
