//! Task 13, sleep until there is work: workers that look for links again and again.

use exercises::pages::{self, Pages};
use exercises::sync::{Mutex, thread};
use exercises::{Error, blocking, save};
use std::collections::VecDeque;
use std::time::Duration;

#[derive(Default)]
struct Links {
    waiting: VecDeque<String>,
    /// No further page comes.
    is_complete: bool,
}

pub fn main() -> Result<(), Error> {
    pages::run(download_all)
}

/// Asks for all pages, and downloads the images with so many workers.
fn download_all(pages: &mut Pages, workers: usize) -> Result<(), Error> {
    let links = Mutex::new(Links::default());

    thread::scope(|scope| {
        let pool: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(&links))).collect();
        let listed = list(pages, &links);
        links.lock().expect("no panic while locked").is_complete = true;
        pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
        listed
    })
}

fn list(pages: &mut Pages, links: &Mutex<Links>) -> Result<(), Error> {
    while let Some(page) = pages.next_page()? {
        links.lock().expect("no panic while locked").waiting.extend(page);
    }
    Ok(())
}

fn work(links: &Mutex<Links>) -> Result<(), Error> {
    loop {
        let mut locked = links.lock().expect("no panic while locked");
        let Some(link) = locked.waiting.pop_front() else {
            if locked.is_complete {
                return Ok(());
            }
            // TODO: sleep until there is a link, or no further page comes.
            drop(locked);
            thread::sleep(Duration::from_millis(1));
            continue;
        };
        drop(locked);
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
}
