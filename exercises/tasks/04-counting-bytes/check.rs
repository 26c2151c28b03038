//! Task 4: five threads count all images and all bytes.
//!
//! The gate releases five responses at the same moment, and the counters are slow (`slow_motion`),
//! so an update that can be lost is lost, on any machine. `slow_motion::print` writes the counters,
//! and how they were changed, into a file, because a program can print any numbers.

use crate::judge::{
    Expectation, Run, Submission, Verdict, at_least, at_most, each_once, expect_all, run_gated,
    settings,
};
use crate::slow_motion;

const WORKERS: usize = 5;
const IMAGES: usize = 40;
const FILE: &str = "counted";
const TOO_FEW: &str = "With one thread at a time no count can go wrong, but five should work. Is a \
                       lock held during the download, as in task 3?";

pub fn check(submission: &Submission) -> Verdict {
    let variables = [(slow_motion::VARIABLE, FILE)];
    let gathered = run_gated(submission, &variables, &settings(IMAGES), WORKERS)?;
    gathered.run.succeeded()?;
    let server = &gathered.server;
    let sizes = server.names().into_iter().filter_map(|name| server.file(&name));
    let sent: usize = sizes.map(|file| file.len()).sum();
    let counted = Counted::read(&gathered.run);
    expect_all([
        each_once(&gathered.observed, IMAGES),
        at_least(gathered.at_the_gate, WORKERS, TOO_FEW),
        at_most(&gathered.observed, WORKERS),
        counted.is_printed(),
        counted.has_all_bytes(sent),
        counted.has_all_images(),
        counted.by_both_counters(),
    ])?;
    Ok(format!("Five requests in flight, and all {IMAGES} images and {sent} bytes were counted."))
}

/// What `slow_motion::print` saw; zeros if it wasn't called.
#[derive(Default)]
struct Counted {
    images: usize,
    bytes: usize,
    /// How often `bytes` was changed by `store`, and by methods that read and write in one step.
    stores: usize,
    additions: usize,
    /// How often the mutex was locked.
    locked: usize,
}

impl Counted {
    fn read(run: &Run) -> Self {
        let file = run.files.get(FILE).map(|file| String::from_utf8_lossy(file));
        let file = file.unwrap_or_default();
        let numbers: Vec<_> = file.split(' ').map_while(|number| number.parse().ok()).collect();
        match numbers[..] {
            [images, bytes, stores, additions, locked] => {
                Self { images, bytes, stores, additions, locked }
            }
            _ => Self::default(),
        }
    }

    fn is_printed(&self) -> Expectation {
        let message = format!(
            "All {IMAGES} images were downloaded, and `slow_motion::print` saw none of them \
             counted. Call it once, after all threads have ended, with the two counters that they \
             used."
        );
        (self.images > 0, message)
    }

    fn has_all_bytes(&self, sent: usize) -> Expectation {
        let message = format!(
            "{} bytes were counted; the server sent {sent}. Between one thread's `load` and \
             `store`, another thread stored, and what it had added is overwritten: a lost update. \
             Each of the two steps is atomic, both together are not. No `Ordering` changes that, \
             nor does a `compare_exchange` that isn't repeated when it fails.",
            self.bytes
        );
        (self.bytes == sent, message)
    }

    fn has_all_images(&self) -> Expectation {
        let message = format!(
            "{} images were counted; the server sent {IMAGES}. The mutex is locked twice: once to \
             read, once to write. In between it is unlocked, and another thread reads the same \
             number. Hold one guard while you read and write.",
            self.images
        );
        (self.images == IMAGES, message)
    }

    fn by_both_counters(&self) -> Expectation {
        let Self { stores, additions, locked, .. } = self;
        let message = format!(
            "The numbers are right, but the atomic was changed by {stores} `store`s and \
             {additions} additions, and the mutex was locked {locked} times. Each of the two \
             should count by itself: an atomic that is only changed under a lock need not be \
             atomic. It has a method that reads, adds and writes in one step."
        );
        let count = stores + additions >= WORKERS && *locked >= WORKERS;
        (count && *stores < IMAGES, message)
    }
}
