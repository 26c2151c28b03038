//! A run in which the check watches the workers: the threads that wait for images.

use super::WORKERS;
use crate::judge::{Expectation, Guided, Saving, Submission, different, saves_without_the_lock};
use practice::{Release, Settings};
use std::collections::BTreeSet;
use std::time::Duration;

/// While all five threads wait, they need no processor time. A thread that spins uses much more.
const MAX_SPUN: Duration = Duration::from_millis(100);

/// What the workers did in a run.
pub struct Workers {
    /// Threads of the program while its first requests were held. `None` where the system doesn't tell.
    threads: Option<usize>,
    /// Processor time that they used meanwhile. `None` where the system doesn't tell.
    spun: Option<Duration>,
    /// Threads that waited for a response during the run. Empty where the system doesn't tell.
    waited: BTreeSet<i32>,
    saving: Saving,
    /// Images that had come and were not on the disk when the last one had been requested.
    unsaved: usize,
}

impl Workers {
    /// Sends the album, one image after another, and keeps the program from saving the first one until
    /// nothing else happens.
    pub fn watch(submission: &Submission, settings: &Settings) -> Result<Self, String> {
        let mut run = Guided::start(submission, settings)?;
        run.comes(|run| run.server.held().len() >= WORKERS);
        let (spun, threads) = (run.processor_time(), run.threads());
        let saving = Saving::watch(&mut run)?;
        let mut waited = BTreeSet::new();
        let sent = loop {
            run.comes(|run| run.server.held().len() >= WORKERS);
            run.settle_briefly();
            let held = run.server.held();
            waited.extend(held.iter().filter_map(|held| run.thread_of(held)));
            let is_last = different(&run.server.observed()) >= settings.images;
            let Some(oldest) = held.first().filter(|_| !is_last) else {
                break settings.images - held.len();
            };
            run.server.release(oldest.id, Release::Image);
        };
        run.comes(|run| run.saved() >= sent);
        let unsaved = sent.saturating_sub(run.saved());
        run.end()?;
        Ok(Self { threads, spun, waited, saving, unsaved })
    }

    pub fn expectations(&self) -> [Expectation; 6] {
        [
            self.are_threads(),
            self.keep_running(),
            self.do_not_spin(),
            self.save_meanwhile(),
            self.save_themselves(),
            saves_without_the_lock(&self.saving),
        ]
    }

    /// The thread that has downloaded an image saves it, too.
    fn save_themselves(&self) -> Expectation {
        let message = "While the first image was being written to the disk, which took a while, the thread \
                       that had downloaded it requested the next one. If another thread saves the images, \
                       and the disk is slower than the server, more and more images wait in memory. Each \
                       thread should save its image before it takes the next link.";
        (self.saving.is_done_first(), message.into())
    }

    /// Images are saved while others are downloaded, not at the end.
    fn save_meanwhile(&self) -> Expectation {
        let message = format!(
            "When the last image had been requested, {} images that had arrived were not on the disk, and \
             your program was idle. If you save them at the end, all of them must fit in memory, and a \
             program that ends early leaves none behind. A worker should save its image before it takes \
             the next link.",
            self.unsaved
        );
        (self.unsaved == 0, message)
    }

    /// Five threads wait for the server, with or without the one of `main`.
    fn are_threads(&self) -> Expectation {
        let threads = self.threads.unwrap_or(WORKERS);
        let message = format!(
            "While five requests were in flight, your program had {threads} threads. Here, each of five \
             threads has one request, and the only other thread is that of `main`: no runtime, no pool, \
             and no thread for each image in the queue."
        );
        ((WORKERS..=WORKERS + 1).contains(&threads), message)
    }

    /// The same five threads download from the first image to the last one.
    fn keep_running(&self) -> Expectation {
        let threads = self.waited.len();
        let message = format!(
            "Over the whole run, {threads} different threads waited for an image: your program starts a new \
             thread for each link, at most five at a time. Starting a thread costs time and memory. Here, \
             the same five threads should take one link after another until the queue is empty."
        );
        (threads <= WORKERS, message)
    }

    fn do_not_spin(&self) -> Expectation {
        let spun = self.spun.unwrap_or_default();
        let message = format!(
            "While all requests were held and your threads had nothing to do, they used {spun:.0?} of \
             processor time. A loop that checks over and over keeps a core busy. Have a thread wait in a \
             call that blocks: `lock`, `join`, `download`."
        );
        (spun <= MAX_SPUN, message)
    }
}
