//! Returns an empty image after an error.
//! The check says: "gets something else"

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
    let broken = |_| Error::Broken("a panic while locked".into());
    let slot = cache.lock().map_err(broken)?.entry(link.into()).or_default().clone();

    let mut slot = slot.lock().expect("no panic while locked");
    if let Some(image) = &*slot {
        return Ok(Arc::clone(image));
    }
    let image = Arc::new(blocking::download(link).unwrap_or_default());
    *slot = Some(Arc::clone(&image));
    Ok(image)
}
