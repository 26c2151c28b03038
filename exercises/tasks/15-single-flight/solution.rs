//! Task 15, single flight: the first reader that wants an image requests it, and the others wait for
//! that request.

use exercises::readers::{self, Image};
use exercises::sync::{Arc, Mutex};
use exercises::{Error, blocking};
use std::collections::HashMap;

/// The place of one image, which is empty until it has been downloaded. Its lock is held during the
/// download.
type Slot = Arc<Mutex<Option<Image>>>;
/// The lock of the map is held only to find a slot, or to add one.
type Cache = Mutex<HashMap<String, Slot>>;

pub fn main() -> Result<(), Error> {
    readers::run(get)
}

/// Eight threads call this, each for all images, and once again for one that fails.
fn get(link: &str, cache: &Cache) -> Result<Image, Error> {
    // The guard is dropped at the semicolon. If the map stayed locked during the download, readers
    // of other images would wait as well.
    let slot = cache.lock().expect("no panic while locked").entry(link.into()).or_default().clone();

    // Looking into the slot and filling it are one step for the readers of this image: those that
    // come meanwhile wait here.
    let mut slot = slot.lock().expect("no panic while locked");
    if let Some(image) = &*slot {
        return Ok(Arc::clone(image));
    }
    // After an error the slot is still empty, and the next reader requests the image again. A
    // `OnceLock<Result<…>>` would keep the error for ever.
    let image = Arc::new(blocking::download(link)?);
    *slot = Some(Arc::clone(&image));
    Ok(image)
}
