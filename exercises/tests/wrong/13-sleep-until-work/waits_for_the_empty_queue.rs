//! Waits for the queue to empty before it ends the workers, even if all of them have ended after an error.
//! The check says: "Before that, 1.png failed"

use exercises::pages::{self, Pages};
use exercises::sync::{Condvar, Mutex, thread};
use exercises::{Error, blocking, save};
use std::collections::VecDeque;

#[derive(Default)]
struct Links {
    waiting: VecDeque<String>,
    /// No further page comes.
    is_complete: bool,
}

#[derive(Default)]
struct Shared {
    links: Mutex<Links>,
    /// A page has come, or no further page comes.
    changed: Condvar,
    /// The last link has been taken.
    emptied: Condvar,
}

pub fn main() -> Result<(), Error> {
    pages::run(download_all)
}

/// Asks for all pages, and downloads the images with so many workers.
fn download_all(pages: &mut Pages, workers: usize) -> Result<(), Error> {
    let shared = Shared::default();

    thread::scope(|scope| {
        let pool: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(&shared))).collect();
        let listed = list(pages, &shared);
        // First, every link must be taken. Then the workers may go home.
        let links = shared.links.lock().expect("no panic while locked");
        let mut links = shared
            .emptied
            .wait_while(links, |links| !links.waiting.is_empty())
            .expect("no panic while locked");
        links.is_complete = true;
        drop(links);
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
    let nothing = |links: &mut Links| links.waiting.is_empty() && !links.is_complete;
    loop {
        let guard = shared.links.lock().expect("no panic while locked");
        let mut links = shared.changed.wait_while(guard, nothing).expect("no panic while locked");
        let Some(link) = links.waiting.pop_front() else { return Ok(()) };
        if links.waiting.is_empty() {
            shared.emptied.notify_one();
        }
        drop(links);
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
