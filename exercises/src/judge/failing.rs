//! Runs in which a check chooses what fails, and what is expected of them.

use super::expectations::{Expectation, does_not_panic, exits_with_failure, expect_all};
use super::guided::{Ended, Guided};
use super::observations::{different, images, only_downloads};
use super::submission::Submission;
use practice::{Release, Settings};
use std::ops::RangeInclusive;
use std::thread;

/// A run in which some requests fail.
pub struct FailingRun {
    /// What fails, such as "a download failed".
    pub what: &'static str,
    /// Whether requests with the method HEAD fail, or those for images.
    pub is_head: bool,
    /// Which of them fail, counted from 1 in the order in which they come.
    pub failing: RangeInclusive<usize>,
    /// The response to those that fail.
    pub failure: Release,
    /// The response to all others.
    pub success: Release,
    /// What to say to a student whose program doesn't end.
    pub stuck: &'static str,
}

impl FailingRun {
    fn start(&self, submission: &Submission, settings: &Settings) -> Result<Ended, String> {
        let mut seen = 0;
        Guided::start(submission, settings)?.end_with(|held| {
            if held.is_head != self.is_head {
                return self.success;
            }
            seen += 1;
            if self.failing.contains(&seen) { self.failure } else { self.success }
        })
    }

    fn requests_no_image_again(&self, ended: &Ended) -> Expectation {
        let downloads = only_downloads(&ended.observed);
        let message = format!(
            "In a run in which {}, your program requested an image again. This task has no retries: an \
             error ends the program.",
            self.what
        );
        (images(&downloads).count() == different(&downloads), message)
    }

    fn ends(&self, ended: &Ended) -> Expectation {
        let Self { what, stuck, .. } = self;
        let message =
            format!("In a run in which {what}, your program did not end, and was stopped. {stuck}");
        (!ended.run.was_stopped(), message)
    }
}

/// Each of these runs, which happen at the same time, ends with a failure, without a panic, and without
/// a second request for any image.
///
/// # Errors
///
/// The message of the first expectation that isn't met, or a run could not be started.
pub fn expect_failures(
    submission: &Submission,
    settings: &Settings,
    runs: &[FailingRun],
) -> Result<(), String> {
    let ended: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> =
            runs.iter().map(|run| scope.spawn(|| run.start(submission, settings))).collect();
        started.into_iter().map(|run| run.join().expect("no run panics")).collect()
    });
    for (run, ended) in runs.iter().zip(ended) {
        let ended = ended?;
        expect_all([
            does_not_panic(&ended.run, &format!("in a run in which {}", run.what)),
            run.requests_no_image_again(&ended),
            run.ends(&ended),
            exits_with_failure(&ended.run, run.what),
        ])?;
    }
    Ok(())
}
