//! Where the images go: the folder `downloads`, below the one in which the attempt runs.

use crate::Fault;
use std::fs;
use std::path::Path;

/// Writes an image into the folder `downloads`, under the last part of its link.
pub fn save(link: &str, image: &[u8]) -> Result<(), Fault> {
    let folder = Path::new("downloads");
    let write =
        || fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(name(link)), image));
    write().map_err(|error| Fault::broken(&error))
}

/// The name of the file behind a link: what stands after the last slash, without the query.
pub(crate) fn name(link: &str) -> &str {
    let path = link.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}
