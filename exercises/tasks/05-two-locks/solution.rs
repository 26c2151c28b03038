//! Task 5, two locks: all threads take them in the same order.

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

    // Every thread locks the album whose name comes first, whatever the direction: a thread that
    // holds the first lock can always get the second one. If each locked `from` first, each thread
    // could hold the album that the other one waits for.
    //
    // The guards are still called by what they are for, and both live until the image has moved. If
    // the first lock were released in between, others would see the image in no album.
    let (mut source, mut target) = if from.name < to.name {
        let source = from.lock();
        (source, to.lock())
    } else {
        let target = to.lock();
        (from.lock(), target)
    };
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
