//! Looks into the queue under one lock, and waits with another one: in between, a page comes.
//! The check says: "must look and wait with the same one"

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

impl Shared {
    fn has_nothing(&self) -> bool {
        let links = self.links.lock().expect("no panic while locked");
        links.waiting.is_empty() && !links.is_complete
    }
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
        shared.changed.notify_all();
    }
    Ok(())
}

fn work(shared: &Shared) -> Result<(), Error> {
    loop {
        while shared.has_nothing() {
            let links = shared.links.lock().expect("no panic while locked");
            drop(shared.changed.wait(links).expect("no panic while locked"));
        }
        let mut links = shared.links.lock().expect("no panic while locked");
        let Some(link) = links.waiting.pop_front() else {
            if links.is_complete {
                return Ok(());
            }
            continue;
        };
        drop(links);
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
