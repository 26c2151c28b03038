//! Takes both locks, in the same order, but before the download.
//! The check says: "never had more than one"

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
    let (first, second) = if from.name < to.name { (from, to) } else { (to, from) };
    let mut guards = [first.lock(), second.lock()];
    if first.name != from.name {
        guards.reverse();
    }
    let [source, target] = &mut guards;
    save(link, &blocking::download(link)?)?;
    if let Some(link) = source.take(link) {
        target.insert(link);
    }
    Ok(())
}
