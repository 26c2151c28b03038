//! Returns the error of a page at once, and the workers sleep on.
//! The check says: "even after an error"

use exercises::pages::Pages;
use exercises::{Error, blocking, save};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::thread;

const WORKERS: usize = 4;

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
    let mut pages = Pages::open()?;
    let shared = Shared::default();

    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&shared))).collect();
        list(&mut pages, &shared)?;
        shared.links.lock().expect("no panic while locked").is_complete = true;
        shared.changed.notify_all();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        Ok(())
    })
}

fn list(pages: &mut Pages, shared: &Shared) -> Result<(), Error> {
    while let Some(page) = pages.next_page()? {
        shared.links.lock().expect("no panic while locked").waiting.extend(page);
        shared.changed.notify_all();
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
