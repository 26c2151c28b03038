//! Task 4: two threads, then three, count in every schedule; then five at the server.

use crate::judge::{
    Submission, Verdict, at_least, at_most, each_once, expect_all, explored, run_gated, settings,
};

const WORKERS: usize = 5;
const IMAGES: usize = 40;
const TOO_FEW: &str = "Five threads call your function. What keeps them from downloading at the same \
                       time?";

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let gathered = run_gated(submission, &[], &settings(IMAGES), WORKERS)?;
    gathered.run.succeeded()?;
    expect_all([
        at_least(gathered.at_the_gate, WORKERS, TOO_FEW),
        each_once(&gathered.observed, IMAGES),
        at_most(&gathered.observed, WORKERS),
    ])?;
    Ok(format!(
        "With three threads, no image and no byte is lost in {covered}. At the server, five \
         requests were in flight."
    ))
}
