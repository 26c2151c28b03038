//! Sends errors into a channel with room for three, which `main` reads when all workers have ended.
//! The check says: "room to leave its error"

use exercises::pages::{self, Pages};
use exercises::sync::mpsc::{self, SyncSender};
use exercises::sync::{Mutex, thread};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    pages::run(download_all)
}

fn download_all(pages: &mut Pages, workers: usize) -> Result<(), Error> {
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let (errors, failed) = mpsc::sync_channel(3);
    let listed = thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(&receiver, &errors));
        }
        let listed = list(pages, &sender);
        drop(sender);
        listed
    });
    failed.try_recv().map_or(listed, Err)
}

fn list(pages: &mut Pages, sender: &mpsc::Sender<String>) -> Result<(), Error> {
    while let Some(page) = pages.next_page()? {
        for link in page {
            sender.send(link).unwrap();
        }
    }
    Ok(())
}

fn work(receiver: &Mutex<mpsc::Receiver<String>>, errors: &SyncSender<Error>) {
    loop {
        let next = receiver.lock().unwrap().recv();
        let Ok(link) = next else { return };
        let saved = blocking::download(&link).and_then(|image| save(&link, &image));
        if let Err(error) = saved {
            errors.send(error).unwrap();
        }
    }
}
