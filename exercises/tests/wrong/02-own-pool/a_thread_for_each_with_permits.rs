//! A thread for each image, of which five have a permit.
//! The check says: "no thread for each image"

use exercises::{Error, blocking, save};
use std::sync::{Condvar, Mutex};
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let (permits, freed) = (Mutex::new(5), Condvar::new());
    thread::scope(|scope| {
        let (permits, freed) = (&permits, &freed);
        let threads: Vec<_> = links
            .iter()
            .map(|link| {
                scope.spawn(move || {
                    let mut left =
                        freed.wait_while(permits.lock().unwrap(), |it| *it == 0).unwrap();
                    *left -= 1;
                    drop(left);
                    let result = fetch(link);
                    *permits.lock().unwrap() += 1;
                    freed.notify_one();
                    result
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
