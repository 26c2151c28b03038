//! Runs in which a check chooses what fails, and what is expected of them.

use super::expectations::{Expectation, does_not_panic, exits_with_failure};
use super::guided::{Ended, Guided};
use super::observations::{different, images, only_downloads};
use super::submission::Submission;
use practice::{Held, Release, Settings};
use std::ops::Range;
use std::thread;

/// A run in which something fails.
pub struct FailingRun<'a> {
    /// What fails, such as "a download failed".
    pub what: &'a str,
    /// What to say to a student whose program doesn't end.
    pub stuck: &'a str,
    /// The response to a request.
    pub respond: Box<dyn FnMut(&Held) -> Release + Send + 'a>,
}

/// The program requests no image again. `what` says what fails, such as "a download failed".
pub fn retries_nothing(ended: &Ended, what: &str) -> Expectation {
    let downloads = only_downloads(&ended.observed);
    let message = format!(
        "In a run in which {what}, your program requested an image again. This task has no retries: an \
         error ends the program."
    );
    (images(&downloads).count() == different(&downloads), message)
}

/// The program ends by itself, with a failure, and without a panic. `what` says what fails, and `stuck`
/// what to think of if the program doesn't end.
pub fn ends_with_failure(ended: &Ended, what: &str, stuck: &str) -> [Expectation; 5] {
    let run = &ended.run;
    let when = format!("in a run in which {what}");
    [
        (
            !ended.is_endless(),
            format!(
                "Your program was stopped {when}: it kept requesting what the server had refused. Which \
                 loop goes on after an error?"
            ),
        ),
        does_not_panic(run, &when),
        (!run.was_stopped(), format!("Your program did not end {when}, and was stopped. {stuck}")),
        (
            run.was_stopped() || run.code().is_some(),
            format!(
                "Your program was ended by a signal {when}. `abort`, or a panic during a panic, does \
                 that. Return an error from `main`."
            ),
        ),
        exits_with_failure(run, what),
    ]
}

/// Responds with `failure` to some requests, and to all others with `success`. Those that fail are
/// counted from 1 in the order in which they come: the look-ups, whose method is HEAD, or the downloads.
pub fn fail_requests<'a>(
    look_ups: bool,
    failing: Range<usize>,
    failure: Release,
    success: Release,
) -> Box<dyn FnMut(&Held) -> Release + Send + 'a> {
    let mut seen = 0;
    Box::new(move |held| {
        seen += usize::from(held.is_head == look_ups);
        let fails = held.is_head == look_ups && failing.contains(&seen);
        if fails { failure } else { success }
    })
}

/// Runs a submission once in each of these ways, all at the same time.
///
/// # Errors
///
/// A run could not be started.
pub fn run_failing<'a>(
    submission: &Submission,
    settings: &Settings,
    runs: impl IntoIterator<Item = FailingRun<'a>>,
) -> Result<Vec<(FailingRun<'a>, Ended)>, String> {
    let run = |mut run: FailingRun<'a>| {
        let ended = Guided::start(submission, settings)?.end_with(|held| (run.respond)(held))?;
        Ok((run, ended))
    };
    let run = &run;
    thread::scope(|scope| {
        let runs: Vec<_> = runs.into_iter().map(|it| scope.spawn(move || run(it))).collect();
        runs.into_iter().map(|run| run.join().expect("no run panics")).collect()
    })
}
