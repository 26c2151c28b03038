//! A bounded channel, and an unbounded list behind it.
//! The check says: "your program downloaded all"

use exercises::{Error, blocking, catalogue, save};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

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
        if sender.send((link, image)).is_err() {
            return Ok(());
        }
    }
}

fn keep(receiver: Receiver<Image>) -> Result<(), Error> {
    let all = Mutex::new(Vec::new());
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for image in receiver {
                all.lock().unwrap().push(image);
            }
            ended.store(true, Ordering::SeqCst);
        });
        loop {
            let is_last = ended.load(Ordering::SeqCst);
            let next = all.lock().unwrap().pop();
            let Some((link, image)) = next else {
                if is_last {
                    return Ok(());
                }
                thread::sleep(Duration::from_millis(1));
                continue;
            };
            if catalogue::size(&link)? != image.len() {
                return Err(Error::Broken(format!("{link}: not the size in the catalogue")));
            }
            save(&link, &image)?;
        }
    })
}
