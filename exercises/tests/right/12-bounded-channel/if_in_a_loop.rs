//! Waits for room under an `if`, in a loop that looks again.

use exercises::{Error, blocking, catalogue, save};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

const WORKERS: usize = 4;
/// Images that may wait.
const CAPACITY: usize = 3;

type Image = (String, Vec<u8>);

/// A bounded channel.
struct Channel {
    state: Mutex<State>,
    /// There is room for an image, or nobody receives any more.
    room: Condvar,
    /// There is an image, or nobody sends any more.
    filled: Condvar,
}

struct State {
    images: VecDeque<Image>,
    senders: usize,
    has_receiver: bool,
}

impl Channel {
    fn new(senders: usize) -> Self {
        let state = State { images: VecDeque::new(), senders, has_receiver: true };
        Self { state: Mutex::new(state), room: Condvar::new(), filled: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while locked")
    }

    /// Waits for room. Returns whether there's a receiver.
    fn send(&self, image: Image) -> bool {
        let mut state = self.lock();
        loop {
            if !state.has_receiver {
                return false;
            }
            if state.images.len() >= CAPACITY {
                state = self.room.wait(state).expect("no panic while locked");
            }
            if state.images.len() < CAPACITY {
                state.images.push_back(image);
                self.filled.notify_one();
                return true;
            }
        }
    }

    /// Waits for an image. Returns `None` after the last one.
    fn receive(&self) -> Option<Image> {
        let mut state = self.lock();
        while state.senders > 0 && state.images.is_empty() {
            state = self.filled.wait(state).expect("no panic while locked");
        }
        let image = state.images.pop_front();
        self.room.notify_one();
        image
    }

    /// A sender has ended.
    fn end(&self) {
        self.lock().senders -= 1;
        self.filled.notify_all();
    }

    /// Nobody receives any more.
    fn close(&self) {
        self.lock().has_receiver = false;
        self.room.notify_all();
    }
}

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    let channel = Channel::new(WORKERS);

    thread::scope(|scope| {
        let worker = || {
            let worked = work(&queue, &channel);
            channel.end();
            worked
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        let kept = keep(&channel);
        channel.close();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        kept
    })
}

fn work(queue: &Mutex<Vec<String>>, channel: &Channel) -> Result<(), Error> {
    loop {
        let next = queue.lock().expect("no panic while locked").pop();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        if !channel.send((link, image)) {
            return Ok(());
        }
    }
}

fn keep(channel: &Channel) -> Result<(), Error> {
    while let Some((link, image)) = channel.receive() {
        if catalogue::size(&link)? != image.len() {
            return Err(Error::Broken(format!("{link}: not the size in the catalogue")));
        }
        save(&link, &image)?;
    }
    Ok(())
}
