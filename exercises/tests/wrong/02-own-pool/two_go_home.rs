//! Two of the workers end after their second image.
//! The check says: "end early"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let lives = [usize::MAX, usize::MAX, usize::MAX, 2, 2];
        let workers: Vec<_> = lives
            .into_iter()
            .map(|life| (life, &queue))
            .map(|(life, queue)| scope.spawn(move || work(queue, life)))
            .collect();
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
