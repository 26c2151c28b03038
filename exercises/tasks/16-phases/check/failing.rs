//! Runs in which a token, a download, or all downloads of a round fail: the program ends with a failure.

use super::{WORKERS, only_downloads};
use crate::judge::{
    Ended, Expectation, Guided, Submission, different, does_not_panic, exits_with_failure,
    expect_all, images,
};
use practice::{Release, Settings};
use std::thread;

/// What fails in a run.
#[derive(Clone, Copy, PartialEq)]
enum Failing {
    Token,
    Download,
    Round,
}

impl Failing {
    fn what(self) -> &'static str {
        match self {
            Self::Token => "the token was refused",
            Self::Download => "a download failed",
            Self::Round => "all downloads of a round failed",
        }
    }

    /// The response to a request that fails. Some servers say when to come back.
    fn response(self) -> Release {
        if self == Self::Round { Release::Status(404) } else { Release::RetryAfter(1) }
    }

    /// Runs the submission. One request for a token, one download, or all downloads of a round fail.
    fn run(self, submission: &Submission, settings: &Settings) -> Result<Ended, String> {
        let (is_token, rounds) = (self == Self::Token, settings.images / WORKERS);
        let mut random = submission.random();
        let failing = match self {
            Self::Token => random.usize(1..rounds)..,
            Self::Download => random.usize(1..=settings.images)..,
            Self::Round => 1 + WORKERS * random.usize(..rounds)..,
        };
        let failing = failing.take(if self == Self::Round { WORKERS } else { 1 });
        let (failing, mut seen) = (failing.collect::<Vec<_>>(), 0);
        Guided::start(submission, settings)?.end_with(|held| {
            seen += usize::from(held.is_head == is_token);
            let fails = held.is_head == is_token && failing.contains(&seen);
            if fails { self.response() } else { Release::Image }
        })
    }
}

/// Runs in which something fails, beside each other.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let all = [Failing::Download, Failing::Token, Failing::Round];
    let runs = thread::scope(|scope| {
        let runs = all.map(|failing| scope.spawn(move || failing.run(submission, settings)));
        runs.map(|run| run.join().expect("no run panics"))
    });
    for (failing, ended) in all.into_iter().zip(runs) {
        let (ended, what) = (ended?, failing.what());
        expect_all([
            does_not_panic(&ended.run, &format!("in a run in which {what}")),
            requests_none_again(&ended, what),
            ends(&ended, failing),
            exits_with_failure(&ended.run, what),
        ])?;
    }
    Ok(())
}

fn requests_none_again(ended: &Ended, what: &str) -> Expectation {
    let downloads = only_downloads(&ended.observed);
    let is_once = images(&downloads).count() == different(&downloads);
    let message = format!(
        "In a run in which {what}, your program requested an image again. This task has no retries: an \
         error ends the program."
    );
    (is_once, message)
}

fn ends(ended: &Ended, failing: Failing) -> Expectation {
    let why = match failing {
        Failing::Round => {
            "Each worker had an error. Is there room for all of them, or does a worker wait before the \
             meeting until its error is taken?"
        }
        Failing::Token | Failing::Download => {
            "A worker that returns its error is missing at the next meeting, and the others wait for it \
             for ever. It must come to the meeting, and all of them must learn of the error there."
        }
    };
    let message = format!(
        "In a run in which {}, your program did not end, and was stopped. {why}",
        failing.what()
    );
    (!ended.run.was_stopped(), message)
}
