//! Starts the next thread when the oldest one has ended.
//! The check says: "no other one came"

use exercises::{Error, blocking, save};
use std::collections::VecDeque;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    thread::scope(|scope| {
        let mut threads = VecDeque::new();
        for link in &links {
            if threads.len() == 5 {
                let oldest: thread::ScopedJoinHandle<Result<(), Error>> =
                    threads.pop_front().unwrap();
                oldest.join().unwrap()?;
            }
            threads.push_back(scope.spawn(|| fetch(link)));
        }
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
