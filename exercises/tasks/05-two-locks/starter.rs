//! Task 5, two locks: two threads that wait for each other forever.

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let (first, second) = links.split_at(links.len() / 2);
    let left = Album::new("left", first);
    let right = Album::new("right", second);

    thread::scope(|scope| {
        let there = scope.spawn(|| first.iter().try_for_each(|link| transfer(link, &left, &right)));
        let back = scope.spawn(|| second.iter().try_for_each(|link| transfer(link, &right, &left)));
        [there, back].into_iter().try_for_each(|it| it.join().expect("no thread panics"))
    })?;
    two_albums::print(&left, &right);
    Ok(())
}

/// Saves an image, and moves its link from one album into another.
fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)?;

    // TODO: meanwhile, what does the other thread hold, and what does it wait for?
    let mut source = from.lock();
    let mut target = to.lock();
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
