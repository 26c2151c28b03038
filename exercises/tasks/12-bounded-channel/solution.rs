//! Task 12, a bounded channel: the workers wait when the thread that keeps the images is behind.

use exercises::{Error, blocking, catalogue, save};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

const WORKERS: usize = 4;
/// How many images may wait for the thread that keeps them.
const ROOM: usize = 3;

type Image = (String, Vec<u8>);

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    // When three images wait in it, `send` waits for room.
    let (sender, receiver) = mpsc::sync_channel(ROOM);

    thread::scope(|scope| {
        let queue = &queue;
        let start = |sender: SyncSender<Image>| scope.spawn(move || work(queue, &sender));
        let workers: Vec<_> = (0..WORKERS).map(|_| start(sender.clone())).collect();
        // The channel ends when its last sender is dropped. Each worker's thread owns one.
        drop(sender);
        // The receiver moves into `keep`, so it is dropped when `keep` returns, also with an error.
        // That wakes the workers that wait for room: their `send` fails. If the receiver lived on
        // here, they would wait for ever.
        let kept = keep(receiver);
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        kept
    })
}

fn work(queue: &Mutex<Vec<String>>, sender: &SyncSender<Image>) -> Result<(), Error> {
    loop {
        let next = queue.lock().expect("no panic while locked").pop();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        // It fails if the receiver is gone: then more images are of no use.
        if sender.send((link, image)).is_err() {
            return Ok(());
        }
    }
}

fn keep(receiver: Receiver<Image>) -> Result<(), Error> {
    for (link, image) in receiver {
        if catalogue::size(&link)? != image.len() {
            return Err(Error::Broken(format!("{link}: not the size in the catalogue")));
        }
        save(&link, &image)?;
    }
    Ok(())
}
