//! Task 3: five requests in flight, and each image requested exactly once.

use crate::judge::{
    Expectation, Submission, Verdict, at_most, each_once, expect_all, run_gated, saved_all,
    settings,
};

const WORKERS: usize = 5;
const IMAGES: usize = 15;

pub fn check(submission: &Submission) -> Verdict {
    let gathered = run_gated(submission, &[], &settings(IMAGES), WORKERS)?;
    expect_all([
        at_least(gathered.at_the_gate),
        each_once(&gathered.observed, IMAGES),
        at_most(&gathered.observed, WORKERS),
    ])?;
    gathered.run.succeeded()?;
    expect_all([saved_all(&gathered.run, &gathered.server)])?;
    Ok(format!("Five requests in flight, and each of the {IMAGES} images was requested once."))
}

fn at_least(at_the_gate: usize) -> Expectation {
    let message = format!(
        "Before the first response, {at_the_gate} of {WORKERS} requests came: the threads wait for \
         each other. All of them want the lock of the queue, and a thread holds it as long as the \
         guard lives that `lock()` returns. Where is the guard dropped: before the download, or \
         after it? (Or did one thread take all links at once?)"
    );
    (at_the_gate >= WORKERS, message)
}
