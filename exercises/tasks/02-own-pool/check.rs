//! Task 2: exactly five requests in flight, and no image waits while a worker is idle.
//!
//! The log shows whether a worker was idle: with a queue, each further request comes while the
//! other four workers are busy. The link is slow enough, and the images differ enough in size, that
//! fixed shares leave three workers without work.

use crate::judge::{
    Expectation, Submission, Verdict, at_least, at_most, does_not_panic, down, each_once,
    exits_with_failure, expect_all, others_in_flight, run_gated, saved_all, serve, settings,
};
use practice::{Observed, Settings};

const WORKERS: usize = 5;
/// The number of images for which batches and fixed shares perform worst.
const IMAGES: usize = 16;
const TOO_FEW: &str = "Either fewer than five threads are running, or they wait for each other. Is \
                       each thread joined before the next one is started (an iterator is lazy), or \
                       does a thread hold a lock while it downloads?";

pub fn check(submission: &Submission) -> Verdict {
    let settings = Settings { link_rate: Some(2_000_000), ..settings(IMAGES) };
    let gathered = run_gated(submission, &[], &settings, WORKERS)?;
    expect_all([
        at_most(&gathered.observed, WORKERS),
        at_least(gathered.at_the_gate, WORKERS, TOO_FEW),
        each_once(&gathered.observed, IMAGES),
        no_worker_is_idle(&gathered.observed),
    ])?;
    gathered.run.succeeded()?;
    expect_all([saved_all(&gathered.run, &gathered.server)])?;
    returns_the_error(submission)?;
    Ok(format!(
        "Exactly five requests in flight, until the last of {IMAGES} images was requested: each \
         worker took the next image as soon as it was idle. When every download failed, the exit \
         code said so."
    ))
}

fn no_worker_is_idle(observed: &Observed) -> Expectation {
    let others = others_in_flight(observed);
    let late = others.iter().skip(WORKERS).position(|others| *others <= 1);
    let index = WORKERS + late.unwrap_or_default();
    let busy = others.get(index).copied().unwrap_or_default();
    let message = format!(
        "When image {} was requested, {busy} other requests were in flight: {} workers were idle \
         while this image waited. Did you share the images out beforehand, or download them in \
         batches? The sizes aren't known in advance, so an idle worker should take the next image \
         immediately. Let all workers take from one queue.",
        index + 1,
        (WORKERS - 1).saturating_sub(busy),
    );
    (late.is_none(), message)
}

/// A second run, at a server that is down, must fail without a panic.
fn returns_the_error(submission: &Submission) -> Result<(), String> {
    let run = submission.run(&serve(&down(&settings(IMAGES)))?)?;
    expect_all([
        does_not_panic(&run, "in a second run, at a server that is down"),
        exits_with_failure(&run, "every download failed in a second run"),
    ])?;
    run.ended()
}
