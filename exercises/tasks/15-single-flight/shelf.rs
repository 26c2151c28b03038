//! For task 15: each reader has a shelf, a folder for the images that it has read.

use crate::{Error, files};
use std::fs;
use std::path::PathBuf;

/// Puts an image on a reader's shelf: the folder `reader-1`, `reader-2`, and so on.
///
/// Fails if the file can't be written.
pub fn put(reader: usize, link: &str, image: &[u8]) -> Result<(), Error> {
    let folder = PathBuf::from(format!("reader-{reader}"));
    let file = folder.join(files::name(link));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(file, image));
    written.map_err(|error| Error::broken(&error))
}
