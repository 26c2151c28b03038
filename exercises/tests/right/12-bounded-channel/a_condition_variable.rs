//! A queue of its own, with a limit, a mutex and two condition variables.

use exercises::{Error, blocking, catalogue, save};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::thread;

const WORKERS: usize = 4;
const ROOM: usize = 3;

#[derive(Default)]
struct Images {
    waiting: VecDeque<(String, Vec<u8>)>,
    workers: usize,
    is_closed: bool,
}

#[derive(Default)]
struct Bounded {
    images: Mutex<Images>,
    changed: Condvar,
}

pub fn main() -> Result<(), Error> {
    let queue = Mutex::new(blocking::album()?);
    let bounded = Bounded::default();
    bounded.images.lock().unwrap().workers = WORKERS;
    thread::scope(|scope| {
        let start = || {
            scope.spawn(|| {
                let done = work(&queue, &bounded);
                bounded.images.lock().unwrap().workers -= 1;
                bounded.changed.notify_all();
                done
            })
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| start()).collect();
        let kept = keep(&bounded);
        bounded.images.lock().unwrap().is_closed = true;
        bounded.changed.notify_all();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())?;
        kept
    })
}

fn work(queue: &Mutex<Vec<String>>, bounded: &Bounded) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().pop();
        let Some(link) = next else { return Ok(()) };
        let image = blocking::download(&link)?;
        let full = |images: &mut Images| images.waiting.len() == ROOM && !images.is_closed;
        let images = bounded.images.lock().unwrap();
        let mut images = bounded.changed.wait_while(images, full).unwrap();
        if images.is_closed {
            return Ok(());
        }
        images.waiting.push_back((link, image));
        bounded.changed.notify_all();
    }
}

fn keep(bounded: &Bounded) -> Result<(), Error> {
    loop {
        let empty = |images: &mut Images| images.waiting.is_empty() && images.workers > 0;
        let images = bounded.images.lock().unwrap();
        let mut images = bounded.changed.wait_while(images, empty).unwrap();
        let Some((link, image)) = images.waiting.pop_front() else { return Ok(()) };
        drop(images);
        bounded.changed.notify_all();
        if catalogue::size(&link)? != image.len() {
            return Err(Error::Broken("size".into()));
        }
        save(&link, &image)?;
    }
}
