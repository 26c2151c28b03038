//! A channel behind a mutex; errors are collected after all have ended.

use exercises::{Error, blocking, save};
use std::sync::{Mutex, mpsc};
use std::thread;

pub fn main() -> Result<(), Error> {
    let (sender, receiver) = mpsc::channel();
    for link in blocking::album()? {
        sender.send(link).unwrap();
    }
    drop(sender);
    let receiver = Mutex::new(receiver);
    let errors = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                loop {
                    let next = receiver.lock().unwrap().recv();
                    let Ok(link) = next else { return };
                    if let Err(error) = fetch(&link) {
                        errors.lock().unwrap().push(error);
                    }
                }
            });
        }
    });
    errors.into_inner().unwrap().into_iter().next().map_or(Ok(()), Err)
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
