//! For task 4: five threads call the submission's function, once for each image.
//!
//! At the judge's request, one thread calls it, then two, then three, in every order of their steps; and
//! once the download fails, while a visitor looks at the number of images.

use crate::explore::{self, Loads};
use crate::sync::atomic::AtomicUsize;
use crate::sync::thread::{self, Builder};
use crate::sync::{self, Mutex};
use crate::{Error, blocking};

const WORKERS: usize = 5;

/// Downloads the image behind a link, and counts it: one image more, so many bytes more.
pub type Count = fn(link: &str, images: &Mutex<usize>, bytes: &AtomicUsize) -> Result<(), Error>;

/// Counts the album with five threads, and prints the numbers.
#[track_caller]
pub fn run(count: Count) -> Result<(), Error> {
    let one = || in_a_schedule(count, &[1]);
    let two = || in_a_schedule(count, &[1, 2]);
    let none = || without_an_image(count);
    let three = || in_a_schedule(count, &[1, 2, 4]);
    let empty = || in_a_schedule(count, &[0]);
    explore::run(Loads::Latest, &[&one, &two, &none, &empty, &three], || at_the_server(count))
}

fn at_the_server(count: Count) -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = std::sync::Mutex::new(links.iter());
    let (images, bytes) = (Mutex::new(0), AtomicUsize::new(0));
    let work = || loop {
        let next = queue.lock().unwrap_or_else(sync::PoisonError::into_inner).next();
        let Some(link) = next else { return Ok(()) };
        count(link, &images, &bytes)?;
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })?;
    let images = images.into_inner().expect("no worker panics");
    println!("{images} images, {} bytes", bytes.into_inner());
    Ok(())
}

/// One thread for each image. The sizes are powers of two: no sum looks like another one.
fn in_a_schedule(count: Count, sizes: &[usize]) -> Result<(), String> {
    let links = explore::links(sizes);
    if sizes.len() > 1 {
        explore::never_wait(WAITS);
    }
    let (images, bytes) = (Mutex::named("images", 0), AtomicUsize::named("bytes", 0));
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for link in &links {
            workers.push(scope.spawn(|| count(link, &images, &bytes)));
        }
        workers.into_iter().try_for_each(|worker| worker.join().expect("a panic ends a schedule"))
    })
    .map_err(|error| format!("The function returned an error without a reason: {error}."))?;
    let sent: usize = sizes.iter().sum();
    let counted = bytes.into_inner();
    let images = images.into_inner().expect("a panic ends a schedule");
    let gives_up = |step: &explore::Step| step.action == "doesn't get";
    if sent == 0 && images == 0 {
        return Err(EMPTY.into());
    } else if sizes.len() == 1 && (counted, images) != (sent, 1) {
        return Err(format!(
            "One thread alone, with one image of {sent} byte, counts {images} images and {counted} \
             bytes. {ALONE}"
        ));
    } else if counted > sent {
        return Err(TOO_MANY.into());
    } else if counted < sent {
        return Err(WRONG_BYTES.into());
    } else if images < sizes.len() && explore::steps().iter().any(gives_up) {
        return Err(GIVES_UP.into());
    } else if images != sizes.len() {
        return Err(WRONG_IMAGES.into());
    }
    let is_guarded = |step: &explore::Step| step.object == "bytes" && !step.holds.is_empty();
    if explore::steps().iter().any(is_guarded) {
        return Err(GUARDED.into());
    }
    Ok(())
}

/// One thread, whose downloads fail, and a visitor.
fn without_an_image(count: Count) -> Result<(), String> {
    let links = explore::links(&[1]);
    let failing = [(links[0].clone(), usize::MAX)].into();
    explore::serve(explore::Server { failing, ..explore::Server::default() });
    let (images, bytes) = (Mutex::named("images", 0), AtomicUsize::named("bytes", 0));
    let seen = thread::scope(|scope| {
        let visit = || sync::look([&images], "images", |[images]| *images);
        let visitor = Builder::new().name("visitor".into()).spawn_scoped(scope, visit);
        // The runs with the server check whether it returns the error.
        let _ = count(&links[0], &images, &bytes);
        visitor.expect("a thread starts").join().expect("a panic ends a schedule")
    });
    let images = images.into_inner().expect("a panic ends a schedule");
    if (images, bytes.into_inner()) != (0, 0) {
        return Err(NOT_THERE.into());
    }
    if seen == 0 { Ok(()) } else { Err(TOO_EARLY.into()) }
}

const ALONE: &str = "Before threads can disturb each other, each call must count one image, and \
                     its bytes. Does it change both counters, and only by what is new? (A sum that \
                     is kept elsewhere, such as in a static, includes what earlier calls have \
                     added.)";
const TOO_MANY: &str = "More bytes are counted than there are: what one thread has added is added \
                        again. Do you keep a sum elsewhere, or repeat an addition that had \
                        succeeded?";
const GIVES_UP: &str = "The bytes are right, but images get lost. `try_lock` doesn't wait: while another \
                        thread counts, it fails, and this thread's image isn't counted. Which method \
                        waits for the lock?";
const WRONG_BYTES: &str = "Bytes get lost. Between one thread's `load` and its `store`, another thread \
                           stores, and what that one has added is overwritten: a lost update. Each of \
                           the two steps is atomic, both together are not. No `Ordering` changes that, \
                           nor does a `compare_exchange` that isn't repeated until it succeeds.";
const WRONG_IMAGES: &str = "The bytes are right, but images get lost. The mutex is locked twice: once \
                            to read, once to write. In between it is unlocked, and another thread \
                            reads the same number. Hold one guard while you read and write.";
const NOT_THERE: &str = "The download failed, and the image was counted nevertheless. Count an image and its \
                         bytes when it has come.";
const TOO_EARLY: &str = "The image is counted first, and subtracted when its download fails: a visitor who \
                         looks in between finds an image that hasn't arrived. Count it once it has.";
const EMPTY: &str = "An image of 0 bytes has been downloaded, and it isn't counted. It adds nothing to the \
                     bytes, but it is an image, too.";
const WAITS: &str = "Does it wait for another thread to finish what that thread has begun? That is a lock, \
                     even if it is made of an atomic. `bytes` doesn't need one: an atomic has methods that \
                     read, add and write in one step.";
const GUARDED: &str = "The numbers are right, but `bytes` is changed while `images` is locked. An \
                       atomic that is only changed under a lock need not be atomic, and all threads \
                       wait for the lock. Change it without one: it has methods that read, add and \
                       write in one step.";
