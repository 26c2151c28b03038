//! Task 10: sixteen downloads wait, four threads compute, and neither blocks the other.
//!
//! The check holds every thread that computes (`computing.rs`) until nothing more happens: no
//! further thread computes, and the server sees no further request. One more task, which only has
//! to respond, then shows whether the tasks of the runtime are blocked. Then the check lets the threads
//! go on, and expects the next ones. In a second run, it steps through the downloads.

use crate::computing::{Watch, shrink};
use crate::judge::{
    Expectation, Order, Running, Submission, Timeout, Verdict, at_most, drawn, each_once,
    expect_all, gated, hold, images, keeps_busy, requests_images, saved_as, serve, settings, step,
};
use practice::{Release, Server, Settings};
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

const ENDED: &str = "Your program ended while thumbnails were still being made, and they are lost. It \
                     handed its images to the pool, but didn't wait for the results. How can a task await \
                     a result from the pool?";

pub fn check(submission: &Submission) -> Verdict {
    let server = serve(&gated(&small(settings(IMAGES))))?;
    let files = server.names().into_iter().filter_map(|name| server.file(&name));
    let mut watch = Watch::start(files).map_err(|error| error.to_string())?;
    let (name, port) = watch.variable().map_err(|error| error.to_string())?;
    let variables = [(name, port.as_str()), ("RAYON_NUM_THREADS", &GLOBAL.to_string())];
    let mut running = submission.start_with(&server, &variables)?;
    let at_the_gate = hold(&mut running, &server, DOWNLOADS);
    if at_the_gate < DOWNLOADS {
        server.release_all(Release::Image);
        requests_images(&running.wait_for(Duration::ZERO)?, &server.observed())?;
        return Err(too_few(at_the_gate));
    }
    let is_early = computes_early(&mut running, &server, &mut watch);
    server.release_all(Release::Image);
    let held = Held::all(&mut running, &server, &mut watch);
    if running.has_ended() {
        running.wait()?.succeeded()?;
        return Err(if held.inside > 0 { ENDED.into() } else { held.are_four().1 });
    }
    expect_all([is_early, held.block_no_task(), held.keep_no_permit(), held.are_four()])?;
    expect_all([stay_four(&mut running, &server, &mut watch)])?;
    drop(watch);
    let run = running.wait()?;
    run.succeeded()?;
    let thumbnail = |name: &str| server.file(name).and_then(|image| shrink(&image).ok());
    expect_all([at_most(&server.observed(), DOWNLOADS), saved_as(&run, &server, thumbnail)])?;
    let downloaded = downloads(submission)?;
    Ok(format!(
        "{DOWNLOADS} requests in flight, and {THREADS} threads that computed at the same time, up to \
         the last thumbnails. While they were held, all {IMAGES} images came: computing blocked no \
         download. In a second run, {DOWNLOADS} requests were in flight until the last of {downloaded} \
         images was requested."
    ))
}

/// Steps through the downloads of an album, whose thumbnails nobody holds. Returns how many there were.
fn downloads(submission: &Submission) -> Result<usize, String> {
    let settings = small(drawn(submission, 24..=32));
    let stepped = step(submission, &settings, DOWNLOADS, Order::Rounds)?;
    expect_all([
        keeps_busy(&stepped, DOWNLOADS),
        each_once(&stepped.observed, settings.images),
        at_most(&stepped.observed, DOWNLOADS),
    ])?;
    stepped.run.succeeded()?;
    Ok(settings.images)
}

/// Waits until so many threads compute. Returns how many do when the program is idle.
fn compute(running: &mut Running, server: &Server, watch: &mut Watch, threads: usize) -> usize {
    let mut timeout = Timeout::new(FIRST_TIMEOUT);
    while watch.inside() < threads && !running.has_ended() {
        if timeout.is_over(running, server.in_flight() > server.held().len()) {
            break;
        }
    }
    watch.inside()
}

/// Lets one thread go on, and then all of them, again and again: as many begin the next thumbnails.
fn stay_four(running: &mut Running, server: &Server, watch: &mut Watch) -> Expectation {
    let mut released = 1;
    while watch.left() > 0 {
        watch.release(released);
        let expected = THREADS.min(watch.inside() + watch.left());
        let inside = compute(running, server, watch, expected);
        if inside < expected {
            let message = format!(
                "At first, {THREADS} threads computed. When {released} of them went on, {inside} \
                 instead of {expected} computed, although {} images were waiting. Does each thumbnail \
                 wait for the one before it, or is something taken for a thumbnail and never given back?",
                watch.left()
            );
            return (false, message);
        }
        released = THREADS;
    }
    (true, String::new())
}

/// With images of 3 KB: on a busy machine, a debug build takes seconds to shrink larger ones.
fn small(settings: Settings) -> Settings {
    Settings { image_bytes: Some(3_000), ..settings }
}

fn too_few(at_the_gate: usize) -> String {
    format!(
        "Before the first response, {at_the_gate} of {DOWNLOADS} requests came. Does every image \
         have a task of its own, and are all of them spawned before the first one is awaited? Or \
         do the threads of a pool wait for the network? Waiting needs no thread; a task can do \
         it."
    )
}

/// Sends one image, while all others are held: a thread begins to compute.
fn computes_early(running: &mut Running, server: &Server, watch: &mut Watch) -> Expectation {
    if let Some(newest) = server.held().last() {
        server.release(newest.id, Release::Image);
    }
    let inside = compute(running, server, watch, 1);
    let message = "One image had come, the others were on their way, and no thread began to compute: \
                   until the last one is there, the processor has nothing to do. Make each thumbnail as \
                   soon as its image is there. Which task knows that it is?";
    (inside > 0, message.into())
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
}

impl Held {
    /// Holds every thread that computes until nothing more happens, and then releases them.
    fn all(running: &mut Running, server: &Server, watch: &mut Watch) -> Self {
        let mut held = Self::default();
        let (mut before, mut timeout) = ((0, 0, 0), Timeout::new(FIRST_TIMEOUT));
        while !running.has_ended() {
            let observed = server.observed();
            let sent = images(&observed).filter(|seen| seen.finished.is_some()).count();
            held.requested = images(&observed).count();
            held.inside = watch.inside();
            let now = (held.inside, held.requested, sent);
            if now != before {
                let time = if held.inside > 0 { NEXT_TIMEOUT } else { FIRST_TIMEOUT };
                (before, timeout) = (now, Timeout::new(time));
            } else if timeout.is_over(running, server.in_flight() > 0) {
                break;
            }
        }
        let nothing_is_missing = held.requested == IMAGES && held.inside >= THREADS;
        held.tasks_run = nothing_is_missing || held.inside == 0 || {
            let mut timeout = Timeout::new(NEXT_TIMEOUT);
            watch.tasks_go_on(|| {
                running.has_ended() || timeout.is_over(running, server.in_flight() > 0)
            })
        };
        held
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
