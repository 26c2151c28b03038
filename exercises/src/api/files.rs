//! Where the images go: the folder `downloads` in the working directory.

use super::error::Error;
use crate::explore;
use std::fs;
use std::path::Path;

/// Writes an image into the folder `downloads`, under the last part of its link.
///
/// Fails if the file can't be written.
pub fn save(link: &str, image: &[u8]) -> Result<(), Error> {
    if explore::is_running() {
        return Ok(());
    }
    let folder = Path::new("downloads");
    let write =
        || fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(name(link)), image));
    write().map_err(|error| Error::broken(&error))
}

/// The file name in a link: its last path segment.
pub fn name(link: &str) -> &str {
    let path = link.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}
