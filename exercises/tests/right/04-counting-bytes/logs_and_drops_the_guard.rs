//! Logs on stderr, drops the guard by name, and then adds the bytes.

use exercises::counters;
use exercises::sync::Mutex;
use exercises::sync::atomic::{AtomicUsize, Ordering};
use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    counters::run(count)
}

fn count(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error> {
    eprintln!("downloading {link}");
    let image = blocking::download(link)?;
    let mut counted = images.lock().expect("not poisoned");
    *counted += 1;
    let number = *counted;
    drop(counted);
    let before = bytes.fetch_add(image.len(), Ordering::AcqRel);
    eprintln!("{number} images, at least {before} bytes");
    Ok(())
}
