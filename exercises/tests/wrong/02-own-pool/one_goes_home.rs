//! One of the workers goes home after its third image.
//! The check says: "did a worker end early?"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let queue = &queue;
        let lives = [usize::MAX, usize::MAX, 3, usize::MAX, usize::MAX];
        let workers = lives.map(|life| scope.spawn(move || work(queue, life)));
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn work(queue: &Mutex<Iter<String>>, life: usize) -> Result<(), Error> {
    for _ in 0..life {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
    Ok(())
}
