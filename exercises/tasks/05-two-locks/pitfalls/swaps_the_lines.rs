//! Swaps the two lines, for both threads: they still lock in opposite orders.
//! The check says: "This is a deadlock"

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let (first, second) = links.split_at(links.len() / 2);
    let (left, right) = (Album::new("left", first), Album::new("right", second));
    thread::scope(|scope| {
        let there = scope.spawn(|| first.iter().try_for_each(|link| transfer(link, &left, &right)));
        let back = scope.spawn(|| second.iter().try_for_each(|link| transfer(link, &right, &left)));
        [there, back].into_iter().try_for_each(|it| it.join().unwrap())
    })?;
    two_albums::print(&left, &right);
    Ok(())
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    save(link, &blocking::download(link)?)?;
    let mut target = to.lock();
    let mut source = from.lock();
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
