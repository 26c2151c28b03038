//! Task 5: two threads move images in opposite directions in every schedule; then at the server.

use crate::judge::{
    Expectation, Submission, Verdict, at_most, each_once, expect_all, explored, run_gated,
    saved_all, settings,
};

const THREADS: usize = 2;
const IMAGES: usize = 12;

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let gathered = run_gated(submission, &[], &settings(IMAGES), THREADS)?;
    gathered.run.succeeded()?;
    expect_all([
        at_least(gathered.at_the_gate),
        each_once(&gathered.observed, IMAGES),
        at_most(&gathered.observed, THREADS),
        saved_all(&gathered.run, &gathered.server),
    ])?;
    Ok(format!(
        "No deadlock in {covered} of two threads and a visitor, who finds each image in one album. \
         At the server, two requests were in flight, and {IMAGES} images were saved."
    ))
}

fn at_least(at_the_gate: usize) -> Expectation {
    let message = "Your program never had more than one request in flight, although two threads call \
                   your function. What keeps one from downloading while the other one does?";
    (at_the_gate >= THREADS, message.into())
}
