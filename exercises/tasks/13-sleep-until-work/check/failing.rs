//! Runs in which a page, a download, or all downloads fail.

use super::WORKERS;
use crate::judge::{FailingRun, Submission, expect_failures};
use practice::{Release, Settings};

const ASLEEP: &str = "`main` waits for its workers, and they sleep. They must find out that nothing \
                      more will come, even after an error.";
const NO_WORKER: &str = "Each worker had an error, and none took the links that were left. Does a thread \
                         wait for an empty queue then, or for room where it leaves its error?";

/// The program ends with a failure.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let number = submission.random().usize(2..=4);
    let success = Release::Size(WORKERS - 2);
    // Some servers say when to come back.
    let one = |what, is_head| FailingRun {
        what,
        is_head,
        failing: number..=number,
        failure: Release::RetryAfter(1),
        success,
        stuck: ASLEEP,
    };
    let all = FailingRun {
        what: "all downloads failed",
        is_head: false,
        failing: 1..=usize::MAX,
        failure: Release::Status(404),
        success,
        stuck: NO_WORKER,
    };
    let runs = [one("a download failed", false), one("a page of the list failed", true), all];
    expect_failures(submission, settings, &runs)
}
