//! A channel of its own, which wakes only one worker when it is closed.
//! The check says: "What wakes them?"

use exercises::{Error, blocking, catalogue, save};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

const WORKERS: usize = 4;
/// How many images may wait.
const CAPACITY: usize = 3;

type Image = (String, Vec<u8>);

/// A channel with room for `CAPACITY` images.
struct Bounded {
    state: Mutex<State>,
    /// An image was taken out, or nobody takes any more.
    has_room: Condvar,
    /// An image was put in, or a sender has ended.
    has_image: Condvar,
}

struct State {
    images: VecDeque<Image>,
    senders: usize,
    is_closed: bool,
}

impl Bounded {
    fn new(senders: usize) -> Self {
        let state = State { images: VecDeque::with_capacity(CAPACITY), senders, is_closed: false };
        Self { state: Mutex::new(state), has_room: Condvar::new(), has_image: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while locked")
    }

    /// Waits for room. Returns whether the image was sent.
    fn send(&self, image: Image) -> bool {
        let mut state = self.lock();
        while state.images.len() == CAPACITY && !state.is_closed {
            state = self.has_room.wait(state).expect("no panic while locked");
        }
        if state.is_closed {
            return false;
        }
        state.images.push_back(image);
        self.has_image.notify_one();
        true
    }

    /// Waits for an image, as long as there are senders.
    fn receive(&self) -> Option<Image> {
        let mut state = self.lock();
        while state.images.is_empty() && state.senders > 0 {
            state = self.has_image.wait(state).expect("no panic while locked");
        }
        let image = state.images.pop_front();
        self.has_room.notify_one();
        image
    }

    /// A sender has ended. There is one receiver to be told.
    fn leave(&self) {
        self.lock().senders -= 1;
        self.has_image.notify_one();
    }

    /// The receiver has ended: whoever waits for room need not wait.
    fn close(&self) {
        self.lock().is_closed = true;
        self.has_room.notify_one();
    }
}

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    let channel = Bounded::new(WORKERS);

    thread::scope(|scope| {
        let (queue, channel) = (&queue, &channel);
        let start = || {
            scope.spawn(move || {
                let result = work(queue, channel);
                channel.leave();
                result
            })
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| start()).collect();
        let kept = keep(channel);
        channel.close();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        kept
    })
}

fn work(queue: &Mutex<Vec<String>>, channel: &Bounded) -> Result<(), Error> {
    loop {
        let next = queue.lock().expect("no panic while locked").pop();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        if !channel.send((link, image)) {
            return Ok(());
        }
    }
}

fn keep(channel: &Bounded) -> Result<(), Error> {
    while let Some((link, image)) = channel.receive() {
        if catalogue::size(&link)? != image.len() {
            return Err(Error::Broken(format!("{link}: not the size in the catalogue")));
        }
        save(&link, &image)?;
    }
    Ok(())
}
