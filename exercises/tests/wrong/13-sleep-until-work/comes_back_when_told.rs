//! Requests an image again if the server says when to come back.
//! The check says: "is requested again"

use exercises::pages::{self, Pages};
use exercises::sync::{Mutex, mpsc, thread};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    pages::run(download_all)
}

fn download_all(pages: &mut Pages, workers: usize) -> Result<(), Error> {
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        let pool: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(&receiver))).collect();
        let listed = list(pages, &sender);
        drop(sender);
        pool.into_iter().try_for_each(|worker| worker.join().unwrap())?;
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
        let image = match blocking::download(&link) {
            Err(Error::Refused { retry_after: Some(pause), .. }) => {
                thread::sleep(pause);
                blocking::download(&link)
            }
            image => image,
        };
        save(&link, &image?)?;
    }
}
