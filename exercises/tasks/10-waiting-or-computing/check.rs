//! Task 10: sixteen downloads wait, four threads compute, and neither blocks the other.
//!
//! The server sends one image and holds the others: a thread must compute. Then it sends all. The check
//! holds every thread that computes (`computing.rs`) until nothing more happens: no further thread
//! computes, and the server sees no further request. One more task, which only has to respond, then
//! shows whether the tasks of the runtime are blocked.

use crate::computing::{Watch, shrink};
use crate::judge::{
    Expectation, Running, Submission, Timeout, Verdict, at_most, expect_all, gated, hold, images,
    requests_images, saved_as, serve, settings,
};
use practice::{Release, Server};
use std::time::Duration;

const DOWNLOADS: usize = 16;
const THREADS: usize = 4;
/// Threads of rayon's global pool, which should not compute. Its default is one thread per core.
/// With four cores, it would look like the right pool; with seven threads, it doesn't.
const GLOBAL: usize = 7;
const IMAGES: usize = 28;
/// Timeouts: for the first thread that computes, and for anything further to happen.
const FIRST_TIMEOUT: Duration = Duration::from_secs(5);
const NEXT_TIMEOUT: Duration = Duration::from_secs(2);

pub fn check(submission: &Submission) -> Verdict {
    let server = serve(&gated(&settings(IMAGES)))?;
    let watch = Watch::start().map_err(|error| error.to_string())?;
    let (name, port) = watch.variable().map_err(|error| error.to_string())?;
    let variables = [(name, port.as_str()), ("RAYON_NUM_THREADS", &GLOBAL.to_string())];
    let mut running = submission.start_with(&server, &variables)?;
    let at_the_gate = hold(&mut running, &server, DOWNLOADS);
    if at_the_gate < DOWNLOADS {
        requests_images(&running.wait_for(Duration::ZERO)?, &server.observed())?;
        return Err(too_few(at_the_gate));
    }
    let held = Held::all(&mut running, &server, watch);
    if running.has_ended() {
        running.wait()?.succeeded()?;
        return Err(held.are_four().1);
    }
    expect_all([
        held.compute_early(),
        held.block_no_task(),
        held.keep_no_permit(),
        held.are_four(),
    ])?;
    let run = running.wait()?;
    run.succeeded()?;
    let thumbnail = |name: &str| server.file(name).and_then(|image| shrink(&image).ok());
    expect_all([at_most(&server.observed(), DOWNLOADS), saved_as(&run, &server, thumbnail)])?;
    Ok(format!(
        "{DOWNLOADS} requests in flight, and {THREADS} threads that computed at the same time. \
         While they were held, all {IMAGES} images came: computing blocked no download."
    ))
}

fn too_few(at_the_gate: usize) -> String {
    format!(
        "Before the first response, {at_the_gate} of {DOWNLOADS} requests came. Does every image \
         have a task of its own, and are all of them spawned before the first one is awaited? Or \
         do the threads of a pool wait for the network? Waiting needs no thread; a task can do \
         it."
    )
}

/// What the check saw when nothing more happened, because all threads that computed were held.
#[derive(Default)]
struct Held {
    /// Threads that computed.
    inside: usize,
    /// Images that were requested.
    requested: usize,
    /// Whether tasks that didn't compute could run.
    tasks_run: bool,
    /// Whether no thread computed when the first image had been sent.
    late: bool,
}

impl Held {
    /// Sends the first image, and then all. Holds every thread that computes until nothing more
    /// happens, and then releases them.
    fn all(running: &mut Running, server: &Server, mut watch: Watch) -> Self {
        if let Some(first) = server.held().first() {
            server.release(first.id, Release::Image);
        }
        let mut timeout = Timeout::new(FIRST_TIMEOUT);
        let is_over = |running: &mut Running, timeout: &mut Timeout| {
            running.has_ended() || timeout.is_over(running, server.in_flight() > 0)
        };
        while watch.inside() == 0 && !is_over(running, &mut timeout) {}
        let mut held = Self { late: watch.inside() == 0, ..Self::default() };
        server.release_all(Release::Image);
        let mut before = (0, 0, 0);
        loop {
            let observed = server.observed();
            let sent = images(&observed).filter(|seen| seen.finished.is_some()).count();
            held.requested = images(&observed).count();
            held.inside = watch.inside();
            let now = (held.inside, held.requested, sent);
            if now != before {
                (before, timeout) = (now, Timeout::new(NEXT_TIMEOUT));
            } else if is_over(running, &mut timeout) {
                break;
            }
        }
        let nothing_is_missing = held.requested == IMAGES && held.inside >= THREADS;
        held.tasks_run = nothing_is_missing || held.inside == 0 || {
            let mut timeout = Timeout::new(NEXT_TIMEOUT);
            watch.tasks_go_on(|| is_over(running, &mut timeout))
        };
        held
    }

    fn compute_early(&self) -> Expectation {
        let message = format!(
            "One of {IMAGES} images had come, the others were still on their way, and no thread began to \
             compute. If thumbnails are made when nothing is left to download, the processor has \
             nothing to do until then. Make each thumbnail as soon as its image is there. Which task \
             knows that it is?"
        );
        (!self.late, message)
    }

    fn block_no_task(&self) -> Expectation {
        let message = format!(
            "While thumbnails were made, {} of {IMAGES} images were requested, and then no task \
             could run any more. Either your tasks compute themselves: each keeps its thread until \
             it is done, and an async block, or more threads for the runtime, don't change that. \
             Or they wait for the pool without `.await`: `install`, `join` and `recv` block. How \
             can a pool compute while the tasks only await the result?",
            self.requested
        );
        (self.tasks_run, message)
    }

    fn keep_no_permit(&self) -> Expectation {
        let message = format!(
            "While thumbnails were made, {} of {IMAGES} images were requested. Your tasks can run, \
             but those that have sent no request yet wait for something. A permit is for a \
             download: does one live until the thumbnail is made?",
            self.requested
        );
        (self.inside == 0 || self.requested == IMAGES, message)
    }

    fn are_four(&self) -> Expectation {
        let message = format!(
            "Threads that computed at the same time: {}. There should be {THREADS}. Too many take \
             turns on the cores, and each keeps a decoded image in memory: `spawn_blocking` alone \
             has no limit, and rayon's global pool (`rayon::spawn`, parallel iterators) isn't the \
             one that `pool()` makes. Too few leave cores idle: is a lock held, is one thumbnail \
             awaited before the next one begins, or does the program end before its thumbnails are \
             made?",
            self.inside
        );
        (self.inside == THREADS, message)
    }
}
