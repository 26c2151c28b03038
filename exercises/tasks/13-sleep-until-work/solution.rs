//! Task 13, sleep until there is work: the workers wait on a condition variable.

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
    /// Notified after each change of `links` for which a worker may sleep.
    changed: Condvar,
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
        // Also after an error: the scope can't end before the workers do.
        shared.links.lock().expect("no panic while locked").is_complete = true;
        // All workers must see this, not only one.
        shared.changed.notify_all();
        pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        listed
    })
}

fn list(pages: &mut Pages, shared: &Shared) -> Result<(), Error> {
    while let Some(page) = pages.next_page()? {
        // The lock is held for the change. A worker that has just seen an empty queue holds it until
        // it sleeps, so it can't miss the notification.
        shared.links.lock().expect("no panic while locked").waiting.extend(page);
        // There may be work for all of them. Those that find none sleep again.
        shared.changed.notify_all();
    }
    Ok(())
}

fn work(shared: &Shared) -> Result<(), Error> {
    loop {
        let links = shared.links.lock().expect("no panic while locked");
        // Releases the lock and sleeps in one step, as long as the condition holds. It is looked at
        // again after each notification: others may have taken the links, and a thread may also
        // wake for no reason.
        let nothing = |links: &mut Links| links.waiting.is_empty() && !links.is_complete;
        let mut links = shared.changed.wait_while(links, nothing).expect("no panic while locked");
        let Some(link) = links.waiting.pop_front() else { return Ok(()) };
        // The others need the lock during the download.
        drop(links);
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
