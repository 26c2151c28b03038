//! Task 7: eight requests in flight while there are images left, and never more.
//!
//! The gate shows how many requests come at the same time. After the gate has opened, the link is
//! so slow, and the images differ so much in size, that eight requests don't end together by
//! chance.

use crate::judge::{
    Expectation, Run, Submission, Verdict, at_least, different, each_once, expect_all, images,
    others_in_flight, run_gated, saved_all, settings,
};
use practice::{Observed, Settings};

const LIMIT: usize = 8;
const IMAGES: usize = 24;
const TOO_FEW: &str = "Is each task awaited before the next one is spawned, or do the tasks share \
                       a lock, or too few permits?";

pub fn check(submission: &Submission) -> Verdict {
    let settings = Settings { limit: Some(LIMIT), link_rate: Some(2_000_000), ..settings(IMAGES) };
    let gathered = run_gated(submission, &[], &settings, LIMIT)?;
    let (run, observed) = (&gathered.run, &gathered.observed);
    let others = others_in_flight(observed);
    expect_all([
        no_refusals(observed, &others),
        at_least(gathered.at_the_gate, LIMIT, TOO_FEW),
        returns_permits(run, observed),
        each_once(observed, IMAGES),
    ])?;
    run.succeeded()?;
    expect_all([no_batches(&others), saved_all(run, &gathered.server)])?;
    Ok(format!(
        "{LIMIT} requests in flight and never more: the server refused none of them, and as soon \
         as an image had come, the next one was requested. All {IMAGES} are there."
    ))
}

fn no_refusals(observed: &Observed, others: &[usize]) -> Expectation {
    let refused = others.iter().filter(|others| **others >= LIMIT).count();
    let message = format!(
        "{refused} of {} requests for {} images came while {LIMIT} others were in flight, and were \
         refused with 429. A retry may succeed later, but the refusal is work for the server; if \
         you know the limit, make a task wait before it sends its request. If you have a semaphore \
         already: do all tasks share it? And when is the permit dropped?",
        images(observed).count(),
        different(observed),
    );
    (refused == 0, message)
}

fn returns_permits(run: &Run, observed: &Observed) -> Expectation {
    let message = format!(
        "{LIMIT} requests came and were served, and then no more: the other tasks wait for a \
         permit. A permit returns to the semaphore when it is dropped. What happened to the first \
         {LIMIT}?"
    );
    (!run.was_stopped() || images(observed).count() != LIMIT, message)
}

fn no_batches(others: &[usize]) -> Expectation {
    let message = format!(
        "{LIMIT} requests at a time, but in batches: the next one came only after all of them were \
         served. While the largest image of a batch is downloaded, the server could serve seven \
         others. Request the next image as soon as one has come."
    );
    (others.iter().step_by(LIMIT).skip(1).any(|others| *others > 0), message)
}
