//! Runs in which a token, a download, or all downloads of a round fail.

use super::WORKERS;
use crate::judge::{FailingRun, Submission, expect_failures};
use practice::{Release, Settings};

const MISSING: &str = "A worker that returns its error is missing at the next meeting, and the others \
                       wait for it for ever. It must come to the meeting, and all of them must learn of \
                       the error there.";
const NO_ROOM: &str = "Each worker had an error. Is there room for all of them, or does a worker wait \
                       before the meeting until its error is taken?";

/// The program ends with a failure.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let rounds = settings.images / WORKERS;
    let mut random = submission.random();
    let (download, token) = (random.usize(1..=settings.images), random.usize(1..rounds));
    let before = WORKERS * random.usize(..rounds);
    // Some servers say when to come back.
    let one = |what, is_head, number| FailingRun {
        what,
        is_head,
        failing: number..=number,
        failure: Release::RetryAfter(1),
        success: Release::Image,
        stuck: MISSING,
    };
    let round = FailingRun {
        what: "all downloads of a round failed",
        is_head: false,
        failing: before + 1..=before + WORKERS,
        failure: Release::Status(404),
        success: Release::Image,
        stuck: NO_ROOM,
    };
    let runs = [
        one("a download failed", false, download),
        one("the token was refused", true, token),
        round,
    ];
    expect_failures(submission, settings, &runs)
}
