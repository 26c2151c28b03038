//! Fails only if no worker succeeds.
//! The check says: "Every download counts"

use exercises::{Error, blocking, save};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(|| work(&queue))).collect();
        let results: Vec<_> = workers.into_iter().map(|it| it.join().unwrap()).collect();
        if results.iter().any(Result::is_ok) { Ok(()) } else { results.into_iter().collect() }
    })
}

fn work(queue: &Mutex<Iter<String>>) -> Result<(), Error> {
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        save(link, &blocking::download(link)?)?;
    }
}
