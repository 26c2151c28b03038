//! For task 6: a download with a bug that ends the process, as a bug in a library may.

use crate::{Error, blocking, files};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Images that a process downloads before it crashes at the next one.
pub const LIFE: usize = 3;

static IMAGES: AtomicUsize = AtomicUsize::new(0);

/// Downloads an image as [`blocking::download`] does. The fourth one in a process ends the process.
///
/// The caller gets no error to handle: the process has ended.
pub fn download(link: &str) -> Result<Vec<u8>, Error> {
    let image = blocking::download(link)?;
    if IMAGES.fetch_add(1, Ordering::Relaxed) >= LIFE {
        eprintln!("process {} crashes over {}", process::id(), files::name(link));
        // The exit code of an aborted process. A real abort would leave a core dump on many
        // systems.
        process::exit(134);
    }
    Ok(image)
}
