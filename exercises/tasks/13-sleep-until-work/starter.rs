//! Task 13, sleep until there is work: four workers that look for links again and again.

use exercises::pages::Pages;
use exercises::{Error, blocking, save};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

const WORKERS: usize = 4;

#[derive(Default)]
struct Links {
    waiting: VecDeque<String>,
    /// No further page comes.
    is_complete: bool,
}

pub fn main() -> Result<(), Error> {
    let mut pages = Pages::open()?;
    let links = Mutex::new(Links::default());

    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(&links))).collect();
        let listed = list(&mut pages, &links);
        links.lock().expect("no panic while locked").is_complete = true;
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))?;
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
