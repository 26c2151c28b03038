//! A channel whose receiver is behind a lock: one worker waits in it, the others for the lock.

use exercises::pages::Pages;
use exercises::{Error, blocking, save};
use std::sync::{Mutex, mpsc};
use std::thread;

const WORKERS: usize = 4;

pub fn main() -> Result<(), Error> {
    let mut pages = Pages::open()?;
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&receiver))).collect();
        let listed = list(&mut pages, &sender);
        drop(sender);
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())?;
        listed
    })
}

fn list(pages: &mut Pages, sender: &mpsc::Sender<String>) -> Result<(), Error> {
    while let Some(page) = pages.next_page()? {
        for link in page {
            sender.send(link).unwrap();
        }
    }
    Ok(())
}

fn work(receiver: &Mutex<mpsc::Receiver<String>>) -> Result<(), Error> {
    loop {
        let next = receiver.lock().unwrap().recv();
        let Ok(link) = next else { return Ok(()) };
        save(&link, &blocking::download(&link)?)?;
    }
}
