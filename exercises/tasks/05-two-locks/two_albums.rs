//! For task 5: albums with a lock like std's `Mutex`, except that a possible deadlock always
//! happens.
//!
//! The first thread that holds an album and wants another one waits until a second thread holds an
//! album or waits for one. With std's `Mutex` the two threads rarely meet at this point; here they
//! always do.

use crate::files;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Limits how long the first thread waits for a second one.
const MEETING_TIMEOUT: Duration = Duration::from_secs(2);

static HERE: Mutex<Here> = Mutex::new(Here { threads: 0, met: false });
static CHANGED: Condvar = Condvar::new();

/// How many times an image was in no album, or in two, when the thread that moves it unlocked its
/// last album.
static IN_NONE: AtomicUsize = AtomicUsize::new(0);
static IN_TWO: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// How many albums this thread has locked.
    static LOCKED: Cell<usize> = const { Cell::new(0) };
    /// How many images it has put into albums, less those that it took out.
    static BALANCE: Cell<isize> = const { Cell::new(0) };
}

/// The threads that hold an album or wait for one, and whether two have met already.
struct Here {
    threads: usize,
    met: bool,
}

/// The links of some images, behind a lock.
#[derive(Debug)]
pub struct Album {
    /// No two albums have the same name.
    pub name: &'static str,
    links: Mutex<BTreeSet<String>>,
}

impl Album {
    /// An album that holds these links to begin with.
    pub fn new(name: &'static str, links: &[String]) -> Self {
        Self { name, links: Mutex::new(links.iter().cloned().collect()) }
    }

    /// Waits until no other thread has the lock. It is held until the guard is dropped.
    pub fn lock(&self) -> Guard<'_> {
        let links = if LOCKED.get() == 0 {
            // A thread counts once it holds its first album or has to wait for it.
            let free = self.links.try_lock().ok();
            locked(&HERE).threads += 1;
            CHANGED.notify_all();
            free.unwrap_or_else(|| locked(&self.links))
        } else {
            meet();
            locked(&self.links)
        };
        LOCKED.set(LOCKED.get() + 1);
        Guard { before: links.len(), links }
    }
}

/// The links of a locked album: take some out, put some in.
#[derive(Debug)]
pub struct Guard<'a> {
    links: MutexGuard<'a, BTreeSet<String>>,
    before: usize,
}

impl Deref for Guard<'_> {
    type Target = BTreeSet<String>;

    fn deref(&self) -> &Self::Target {
        &self.links
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.links
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        BALANCE.set(BALANCE.get() + self.links.len().cast_signed() - self.before.cast_signed());
        LOCKED.set(LOCKED.get() - 1);
        if LOCKED.get() == 0 {
            locked(&HERE).threads -= 1;
            let balance = BALANCE.get();
            let _ = IN_NONE.fetch_add(usize::from(balance < 0), Ordering::Relaxed);
            let _ = IN_TWO.fetch_add(usize::from(balance > 0), Ordering::Relaxed);
        }
    }
}

/// Waits for a second thread, once.
fn meet() {
    let alone = |here: &mut Here| !here.met && here.threads < 2;
    let met = CHANGED.wait_timeout_while(locked(&HERE), MEETING_TIMEOUT, alone);
    met.unwrap_or_else(PoisonError::into_inner).0.met = true;
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints what is in the albums, and how often an image was in none or in two of them at the moment
/// when a thread unlocked its last album.
pub fn print(left: &Album, right: &Album) {
    for album in [left, right] {
        let links = locked(&album.links);
        let names: Vec<_> = links.iter().map(|link| files::name(link)).collect();
        println!("{}: {}", album.name, names.join(" "));
    }
    println!("an image in no album: {} times", IN_NONE.load(Ordering::Relaxed));
    println!("an image in two albums: {} times", IN_TWO.load(Ordering::Relaxed));
}
