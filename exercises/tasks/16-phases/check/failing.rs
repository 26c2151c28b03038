//! Runs in which a token, a download, or all downloads of a round fail.

use super::WORKERS;
use crate::judge::{
    FailingRun, Submission, ends_with_failure, expect_all, failing, retries_nothing, run_failing,
};
use practice::{Release, Settings};

const MISSING: &str = "A worker that returns its error is missing at the next meeting, and the others \
                       wait for it for ever. It must come to the meeting, and all of them must learn of \
                       the error there.";
const NO_ROOM: &str = "Each worker had an error. Is there room for all these errors, or does a worker wait \
                       for its error to be taken before it comes to the meeting?";

/// The program ends with a failure.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let rounds = settings.images / WORKERS;
    let mut random = submission.random();
    let (download, token) = (random.usize(1..=settings.images), random.usize(1..rounds));
    let first = 1 + WORKERS * random.usize(..rounds);
    let success = Release::Image;
    // Some servers say when to come back.
    let one =
        |is_token, number| failing(is_token, number..number + 1, Release::RetryAfter(1), success);
    let round = failing(false, first..first + WORKERS, Release::Status(404), success);
    let runs = [
        FailingRun { what: "a download failed", stuck: MISSING, respond: one(false, download) },
        FailingRun { what: "the token was refused", stuck: MISSING, respond: one(true, token) },
        FailingRun { what: "all downloads of a round failed", stuck: NO_ROOM, respond: round },
    ];
    for (run, ended) in run_failing(submission, settings, runs)? {
        expect_all([retries_nothing(&ended, run.what)])?;
        expect_all(ends_with_failure(&ended, run.what, run.stuck))?;
    }
    Ok(())
}
