//! Lends the receiver, so it lives on when a look-up fails, and the workers wait for room.
//! The check says: "When does your program drop it?"

use exercises::{Error, blocking, catalogue, save};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

const WORKERS: usize = 4;
const ROOM: usize = 3;

type Image = (String, Vec<u8>);

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    let (sender, receiver) = mpsc::sync_channel(ROOM);

    thread::scope(|scope| {
        let queue = &queue;
        let start = |sender: SyncSender<Image>| scope.spawn(move || work(queue, &sender));
        let workers: Vec<_> = (0..WORKERS).map(|_| start(sender.clone())).collect();
        drop(sender);
        let kept = keep(&receiver);
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        kept
    })
}

fn work(queue: &Mutex<Vec<String>>, sender: &SyncSender<Image>) -> Result<(), Error> {
    loop {
        let next = queue.lock().expect("no panic while locked").pop();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        if sender.send((link, image)).is_err() {
            return Ok(());
        }
    }
}

fn keep(receiver: &Receiver<Image>) -> Result<(), Error> {
    for (link, image) in receiver {
        if catalogue::size(&link)? != image.len() {
            return Err(Error::Broken(format!("{link}: not the size in the catalogue")));
        }
        save(&link, &image)?;
    }
    Ok(())
}
