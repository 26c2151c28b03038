//! Adds links, and wakes no worker.
//! The check says: "no thread ever sends one"

use exercises::pages::{self, Pages};
use exercises::sync::{Condvar, Mutex, thread};
use exercises::{Error, blocking, save};
use std::collections::VecDeque;

#[derive(Default)]
struct Links {
    waiting: VecDeque<String>,
    is_complete: bool,
}

#[derive(Default)]
struct Shared {
    links: Mutex<Links>,
    changed: Condvar,
}

pub fn main() -> Result<(), Error> {
    pages::run(download_all)
}

fn download_all(pages: &mut Pages, workers: usize) -> Result<(), Error> {
    let shared = Shared::default();

    thread::scope(|scope| {
        let pool: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(&shared))).collect();
        let listed = list(pages, &shared);
        shared.links.lock().expect("no panic while locked").is_complete = true;
        shared.changed.notify_all();
        pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        listed
    })
}

fn list(pages: &mut Pages, shared: &Shared) -> Result<(), Error> {
    while let Some(page) = pages.next_page()? {
        shared.links.lock().expect("no panic while locked").waiting.extend(page);
    }
    Ok(())
}

fn work(shared: &Shared) -> Result<(), Error> {
    loop {
        let links = shared.links.lock().expect("no panic while locked");
        let nothing = |links: &mut Links| links.waiting.is_empty() && !links.is_complete;
        let mut links = shared.changed.wait_while(links, nothing).expect("no panic while locked");
        let Some(link) = links.waiting.pop_front() else { return Ok(()) };
        drop(links);
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
