//! Runs in which a page, a download, or all downloads fail.

use super::WORKERS;
use crate::judge::{
    FailingRun, Submission, ends_with_failure, expect_all, fail_requests, retries_nothing,
    run_failing,
};
use practice::{Release, Settings};

const ASLEEP: &str = "`main` waits for its workers, and they sleep. They must find out that nothing \
                      more will come, even after an error.";
const NO_WORKER: &str = "Each worker had an error, and none took the remaining links. Is a thread waiting \
                         for the queue to empty, or for room to leave its error?";

/// The program ends with a failure.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let number = submission.random().usize(2..=4);
    let success = Release::Size(WORKERS - 2);
    // Some servers say when to come back.
    let one = |is_page| fail_requests(is_page, number..number + 1, Release::RetryAfter(1), success);
    let all = fail_requests(false, 1..usize::MAX, Release::Status(404), success);
    let runs = [
        FailingRun { what: "a download failed", stuck: ASLEEP, respond: one(false) },
        FailingRun { what: "a page of the list failed", stuck: ASLEEP, respond: one(true) },
        FailingRun { what: "all downloads failed", stuck: NO_WORKER, respond: all },
    ];
    for (run, ended) in run_failing(submission, settings, runs)? {
        expect_all([retries_nothing(&ended, run.what)])?;
        expect_all(ends_with_failure(&ended, run.what, run.stuck))?;
    }
    Ok(())
}
