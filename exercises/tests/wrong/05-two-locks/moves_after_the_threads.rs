//! Saves in two threads, and moves nothing before both have ended: it prints the text.
//! The check says: "ended before it had shown its schedules"

use exercises::{Error, blocking, save};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let (left, right) = links.split_at(links.len() / 2);
    thread::scope(|scope| {
        let threads = [left, right].map(|links| {
            scope.spawn(|| links.iter().try_for_each(|it| save(it, &blocking::download(it)?)))
        });
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })?;
    println!("left: {} images\nright: {} images", right.len(), left.len());
    Ok(())
}
