//! For task 15: eight readers that want the same images. Each has a shelf, a folder for the images that
//! it has read.
//!
//! At the judge's request, two or three readers do the same in every order of their steps, and a
//! stand-in sends the images.

use crate::explore::{self, Loads, Server};
use crate::sync::thread;
use crate::{Error, blocking, files};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const READERS: usize = 8;

/// The bytes of an image, which readers share.
pub type Image = Arc<Vec<u8>>;

/// Gets an image from the cache, or requests it.
pub type Get<C> = fn(link: &str, cache: &C) -> Result<Image, Error>;

/// Eight threads read all images of the album, with one cache that is empty at first.
#[track_caller]
pub fn run<C: Default + Sync>(get: Get<C>) -> Result<(), Error> {
    let two = || in_a_schedule(get, 2, &[1], 0);
    let fails_once = || in_a_schedule(get, 2, &[1], 1);
    let fails_always = || in_a_schedule(get, 2, &[1], usize::MAX);
    let two_images = || in_a_schedule(get, 2, &[1, 2], 0);
    // A reader that waits while it holds the cache's lock keeps a third one from another image.
    let three = || in_a_schedule(get, 3, &[1, 2], 0);
    let all: [&dyn Fn() -> _; _] = [&two, &fails_once, &fails_always, &two_images, &three];
    explore::run(Loads::Latest, &all, || {
        let links = blocking::album()?;
        read_all(get, READERS, &links, put)
    })
}

/// Puts an image on a reader's shelf.
type Put = fn(reader: usize, link: &str, image: &[u8]) -> Result<(), Error>;

fn read_all<C: Default + Sync>(
    get: impl Fn(&str, &C) -> Result<Image, Error> + Copy + Send,
    readers: usize,
    links: &[String],
    put: Put,
) -> Result<(), Error> {
    let cache = &C::default();
    thread::scope(|scope| {
        let start = |reader| scope.spawn(move || read(get, reader, links, cache, put));
        let readers: Vec<_> = (1..=readers).map(start).collect();
        readers.into_iter().try_for_each(|reader| reader.join().expect("no reader panics"))
    })
}

/// Reads all images. Each reader begins with another one.
fn read<C>(
    get: impl Fn(&str, &C) -> Result<Image, Error>,
    reader: usize,
    links: &[String],
    cache: &C,
    put: Put,
) -> Result<(), Error> {
    for index in 0..links.len() {
        let link = &links[(reader + index) % links.len()];
        // The server may fail once and succeed a moment later.
        let image = get(link, cache).or_else(|_| get(link, cache))?;
        put(reader, link, &image)?;
    }
    Ok(())
}

/// The shelf is the folder `reader-1`, `reader-2`, and so on.
fn put(reader: usize, link: &str, image: &[u8]) -> Result<(), Error> {
    let folder = PathBuf::from(format!("reader-{reader}"));
    let file = folder.join(files::name(link));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(file, image));
    written.map_err(|error| Error::broken(&error))
}

/// Some readers want images with these sizes; so many requests for the first one fail.
fn in_a_schedule<C: Default + Sync>(
    get: Get<C>,
    readers: usize,
    sizes: &[usize],
    failures: usize,
) -> Result<(), String> {
    let links = explore::links(sizes);
    explore::serve(Server {
        // Each reader begins with another image, and all come together.
        together: links.clone(),
        hint: DIFFERENT,
        failing: BTreeMap::from([(links[0].clone(), failures)]),
        allows_locks: true,
        ..Server::default()
    });
    let received = Received::default();
    let note = |link: &str, cache: &C| received.note(link, get(link, cache));
    let read = read_all(note, readers, &links, compare);
    let requests = explore::requested().len();
    match (read, failures) {
        (Err(_), usize::MAX) => Ok(()),
        (Ok(()), usize::MAX) => Err(SILENT.into()),
        (Err(_), 0) => Err(WITHOUT.into()),
        (Err(_), _) => Err(KEPT.into()),
        (Ok(()), _) if requests == links.len() + failures => received.judge(failures),
        (Ok(()), 0) => Err(format!(
            "The server gets {requests} requests, where {} would do. {TWICE}",
            links.len()
        )),
        (Ok(()), _) => {
            Err(format!("One request fails, and {} follow. {AGAIN}", requests - failures))
        }
    }
}

/// What all calls of `get` have returned in a schedule. The images are kept, so no two have the same
/// address.
#[derive(Default)]
struct Received {
    images: Mutex<Vec<(String, Image)>>,
    errors: AtomicUsize,
}

impl Received {
    fn note(&self, link: &str, got: Result<Image, Error>) -> Result<Image, Error> {
        match &got {
            Ok(image) => {
                let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
                images.push((link.to_owned(), Arc::clone(image)));
            }
            Err(_) => drop(self.errors.fetch_add(1, Ordering::Relaxed)),
        }
        got
    }

    /// Each failed request's error must reach a reader, and all readers must share one copy of an image.
    fn judge(&self, failures: usize) -> Result<(), String> {
        if failures > self.errors.load(Ordering::Relaxed) {
            return Err(RETRIED.into());
        }
        let images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first = BTreeMap::new();
        for (link, image) in images.iter() {
            if !Arc::ptr_eq(first.entry(link).or_insert(image), image) {
                return Err(format!("Two readers get different copies of {link}. {COPIES}"));
            }
        }
        Ok(())
    }
}

/// Ends the schedule if a reader gets another image than the one behind the link.
fn compare(_: usize, link: &str, image: &[u8]) -> Result<(), Error> {
    if link == explore::links(&[image.len()])[0] {
        return Ok(());
    }
    explore::refuse(format!("A reader asks for {link} and gets something else. {WRONG}"));
    Err(Error::Broken("another image".into()))
}

const DIFFERENT: &str = "Readers of different images must not wait for each other. Which lock is held during \
                         the download: that of the whole cache?";
const TWICE: &str = "In between, another reader looks into the cache, finds nothing, and requests the \
                     image as well. Looking into the cache and noting that a request is in flight must be \
                     one step.";
const WITHOUT: &str = "A reader gets an error, although no request fails. A reader that finds a request in \
                       flight must wait for its image, and not go on without it.";
const KEPT: &str = "One request fails, and a reader gets an error from both of its calls. An error must not \
                    stay in the cache: the next reader that wants the image should request it again.";
const AGAIN: &str = "After an error, too, one reader requests the image and the others wait.";
const RETRIED: &str = "A request fails, and no reader gets the error. `get` should return it to the reader \
                       that sent the request, and that reader decides whether to call `get` again.";
const COPIES: &str = "`Arc` lets them share the bytes: keep one in the cache, and clone the `Arc` instead \
                      of the bytes.";
const SILENT: &str =
    "Each request fails, and no reader gets an error: the program would end with exit code 0.";
const WRONG: &str = "What does `get` return after an error, and before the image has come?";
