//! For task 13: an album whose list comes in pages. The server decides when the next page comes and
//! how many links are on it.
//!
//! At the judge's request, the submission runs with one worker and then with two, in every order of
//! the threads' steps, and a stand-in sends the pages.

use crate::Error;
use crate::api::album;
use crate::api::blocking::{self, AGENT};
use crate::explore::{self, Loads, Server};
use std::collections::BTreeMap;
use ureq::http::header;

/// How many workers download at the server.
const WORKERS: usize = 4;
/// How many links a page has at most.
const MAX_LINKS: usize = 7;

/// The pages of the album's list.
pub struct Pages {
    links: Vec<String>,
    /// How many pages have come.
    page: usize,
    /// How many links these pages had.
    sent: usize,
    /// In a schedule: how many links each page has.
    sizes: &'static [usize],
    /// In a schedule: whether a page comes only when all earlier images have been requested.
    waits: bool,
}

/// Asks for all pages, and downloads the images with so many workers.
pub type Download = fn(pages: &mut Pages, workers: usize) -> Result<(), Error>;

/// Calls the function with the pages of the album and four workers.
#[track_caller]
pub fn run(download: Download) -> Result<(), Error> {
    let one = || in_a_schedule(download, 1, &[1], None);
    let two = || in_a_schedule(download, 2, &[2], None);
    let without_page = || in_a_schedule(download, 1, &[1], Some("page 2"));
    let without_image = || in_a_schedule(download, 2, &[2], Some("1.png"));
    let without_worker = || in_a_schedule(download, 1, &[2], Some("1.png"));
    let two_pages = || in_a_schedule(download, 2, &[1, 1], None);
    let all: [&dyn Fn() -> _; _] =
        [&one, &two, &without_page, &without_image, &without_worker, &two_pages];
    explore::run(Loads::Latest, &all, || {
        let links = blocking::album()?;
        download(&mut Pages { links, page: 0, sent: 0, sizes: &[], waits: false }, WORKERS)
    })
}

impl Pages {
    /// Waits for the next page, and returns its links; `None` after the last page. Only the server
    /// knows that there is no further page, so the last call waits for it, too.
    ///
    /// Fails if no response arrives, or its status isn't 200.
    #[track_caller]
    pub fn next_page(&mut self) -> Result<Option<Vec<String>>, Error> {
        self.page += 1;
        let rest = &self.links[self.sent..];
        let size = match explore::current() {
            Some(worker) => {
                let page = format!("page {}", self.page);
                explore::request(&worker, "asks for", &page, Some("the wait for a page"))?;
                if self.waits {
                    // As at the server: no page comes before there is nothing left to do.
                    explore::wait_for(&worker, &page, self.links[..self.sent].to_vec());
                }
                self.sizes.get(self.page - 1).copied().unwrap_or(0)
            }
            None => size(rest.first().or(self.links.first()))?,
        };
        let page = rest[..rest.len().min(size)].to_vec();
        self.sent += page.len();
        Ok(Some(page).filter(|page| !page.is_empty()))
    }
}

/// Asks the server for the next page, and returns how many links it has.
fn size(link: Option<&String>) -> Result<usize, Error> {
    let Some(link) = link else { return Ok(0) };
    let response = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
    album::accept(response.status(), response.headers())?;
    // The size in the response stands for the number of links.
    let size = response.headers().get(header::CONTENT_LENGTH);
    let size: usize = size.and_then(|size| size.to_str().ok()?.parse().ok()).unwrap_or(0);
    Ok(1 + size % MAX_LINKS)
}

/// Pages with so many links come to so many workers; a page or an image may fail.
fn in_a_schedule(
    download: Download,
    workers: usize,
    sizes: &'static [usize],
    failing: Option<&str>,
) -> Result<(), String> {
    let links = explore::links(&[1, 2][..sizes.iter().sum()]);
    // Two images for two workers come together: the second one must be awake, too.
    let waits = workers > 1 && failing.is_none();
    let together = if waits { links.clone() } else { Vec::new() };
    let failing: BTreeMap<_, _> = failing.iter().map(|name| ((*name).to_owned(), 1)).collect();
    let fails = failing.keys().next().cloned();
    explore::serve(Server { together, hint: BOTH, failing, ..Server::default() });
    let mut pages = Pages { links: links.clone(), page: 0, sent: 0, sizes, waits };
    let downloaded = download(&mut pages, workers);
    if let Some(name) = fails.as_ref().filter(|it| times_requested(it) > 1) {
        return Err(format!("{name} fails, and is requested again. {RETRIED}"));
    }
    match (downloaded, fails) {
        (Err(error), None) => Err(format!("It returns an error without a reason: {error}.")),
        (Ok(()), Some(name)) => Err(format!("{name} fails, and nevertheless {SILENT}")),
        (Err(_), Some(_)) => Ok(()),
        (Ok(()), None) => once_each(&links),
    }
}

/// Whether each image was requested once.
fn once_each(links: &[String]) -> Result<(), String> {
    for link in links {
        match times_requested(link) {
            0 => return Err(format!("All workers have ended, and {link} is left. {LEFT}")),
            1 => (),
            _ => return Err(format!("{link} is requested twice. {TWICE}")),
        }
    }
    Ok(())
}

fn times_requested(link: &str) -> usize {
    explore::requested().iter().filter(|it| *it == link).count()
}

const RETRIED: &str = "This task has no retries: an error ends the program.";
const BOTH: &str = "There are two links here, and a worker must be awake for each. (If one has ended: did \
                    it wake, find no link, and go home? It must look again after it has woken, in a \
                    loop.)";
const SILENT: &str = "the function returns `Ok`: the program would end with exit code 0. Return the error \
                      of a page, and those of the workers.";
const LEFT: &str = "When the last page has come, there may still be links in the queue. A worker ends when \
                    the queue is empty and no further page comes, and not before. Does each worker look \
                    again after it has woken?";
const TWICE: &str = "Looking at a link and removing it must be one step, under one guard.";
