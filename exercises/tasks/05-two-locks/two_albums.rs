//! For task 5: two albums with a lock each, and two threads that call the submission's function.
//!
//! At the judge's request, they do it in every order of their steps, and a visitor looks into both
//! albums at some moment when neither is locked. Once, a download fails.

use crate::explore::{self, Loads};
use crate::sync::thread::{self, Builder};
use crate::sync::{self, LockResult, Mutex, MutexGuard};
use crate::{Error, blocking};
use std::collections::BTreeSet;

/// The links of some images, behind a lock.
#[derive(Debug)]
pub struct Album {
    /// No two albums have the same name.
    pub name: &'static str,
    links: Mutex<BTreeSet<String>>,
}

impl Album {
    fn new(name: &'static str, links: &[String]) -> Self {
        Self { name, links: Mutex::named(name, links.iter().cloned().collect()) }
    }

    /// Waits until no other thread has the lock. It is held until the guard is dropped.
    ///
    /// Fails if another thread panicked while it held the lock.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, BTreeSet<String>>> {
        self.links.lock()
    }
}

/// Saves an image, and moves its link from one album into another.
pub type Transfer = fn(link: &str, from: &Album, to: &Album) -> Result<(), Error>;

/// One thread moves the links of `left` to `right`, another one those of `right` to `left`.
#[track_caller]
pub fn run(transfer: Transfer) -> Result<(), Error> {
    let one = || in_a_schedule(transfer, &[1, 2]);
    let two = || in_a_schedule(transfer, &[1, 2, 4, 8]);
    let failing = || without_an_image(transfer);
    explore::run(Loads::Latest, &[&one, &failing, &two], || {
        let links = blocking::album()?;
        let [left, right] = albums(&links);
        exchange(transfer, &links, &left, &right)?;
        for Album { name, links } in [left, right] {
            let links = links.into_inner().expect("no thread panics");
            println!("{name}: {} images", links.len());
        }
        Ok(())
    })
}

fn albums(links: &[String]) -> [Album; 2] {
    let (first, second) = links.split_at(links.len() / 2);
    [Album::new("left", first), Album::new("right", second)]
}

fn exchange(
    transfer: Transfer,
    links: &[String],
    left: &Album,
    right: &Album,
) -> Result<(), Error> {
    let (first, second) = links.split_at(links.len() / 2);
    thread::scope(|scope| {
        let there = scope.spawn(|| first.iter().try_for_each(|link| transfer(link, left, right)));
        let back = scope.spawn(|| second.iter().try_for_each(|link| transfer(link, right, left)));
        [there, back].into_iter().try_for_each(|it| it.join().expect("no thread panics"))
    })
}

fn in_a_schedule(transfer: Transfer, sizes: &[usize]) -> Result<(), String> {
    let links = explore::links(sizes);
    let [left, right] = albums(&links);
    thread::scope(|scope| {
        let visit =
            || sync::look([&left.links, &right.links], "both albums", |it| seen(it, &links));
        let visitor = Builder::new().name("visitor".into()).spawn_scoped(scope, visit);
        let exchanged = exchange(transfer, &links, &left, &right);
        exchanged.map_err(|error| {
            format!("The function returned an error without a reason: {error}.")
        })?;
        visitor.expect("a thread starts").join().expect("a panic ends a schedule")
    })?;
    let [new_right, new_left] = albums(&links);
    let holds = |album: &Album, expected: &Album| {
        sync::look([&album.links, &expected.links], "both albums", |[links, expected]| {
            links == expected
        })
    };
    if holds(&left, &new_left) && holds(&right, &new_right) {
        return Ok(());
    }
    let is_unchanged = holds(&left, &new_right) && holds(&right, &new_left);
    Err(if is_unchanged { UNCHANGED } else { MIXED }.into())
}

/// The first image can't be downloaded. Afterwards, it is still in one of the albums.
fn without_an_image(transfer: Transfer) -> Result<(), String> {
    let links = explore::links(&[1, 2]);
    let failing = [(links[0].clone(), usize::MAX)].into();
    explore::serve(explore::Server { failing, ..explore::Server::default() });
    let [left, right] = albums(&links);
    // The runs with the server check whether the error is returned.
    let _ = exchange(transfer, &links, &left, &right);
    sync::look([&left.links, &right.links], "both albums", |it| seen(it, &links))
        .map_err(|_| format!("The download of {} fails. {FAILED}", links[0]))
}

/// Whether each image is in exactly one of the two albums.
fn seen([left, right]: [&BTreeSet<String>; 2], links: &[String]) -> Result<(), String> {
    for link in links {
        match (left.contains(link), right.contains(link)) {
            (false, false) => return Err(IN_NONE.into()),
            (true, true) => return Err(IN_TWO.into()),
            _ => (),
        }
    }
    Ok(())
}

const UNCHANGED: &str = "Nothing is moved: in the end, each album holds what it held before.";
const MIXED: &str = "There is no deadlock, but in the end the images aren't where they should be: each \
                     album must hold those of the other one. Once the albums are sorted, which of the \
                     two guards is the source, and which the target?";
const FAILED: &str = "Afterwards, an image is in no album, or in both. Don't move an image that hasn't \
                      arrived: its link stays where it is.";
const IN_NONE: &str = "There is no deadlock, but a visitor who comes when neither album is locked finds \
                       an image in no album. Hold both locks while you take it out and put it in.";
const IN_TWO: &str = "There is no deadlock, but a visitor who comes when neither album is locked finds \
                      an image twice. Hold both locks while you take it out and put it in.";
