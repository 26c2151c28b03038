//! Runs in which a page, a download, or all downloads fail: the program ends with a failure.

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
    Page,
    Download,
    AllDownloads,
}

impl Failing {
    fn what(self) -> &'static str {
        match self {
            Self::Page => "a page of the list failed",
            Self::Download => "a download failed",
            Self::AllDownloads => "all downloads failed",
        }
    }

    /// The response to a request that fails. Some servers say when to come back.
    fn response(self) -> Release {
        if self == Self::AllDownloads { Release::Status(404) } else { Release::RetryAfter(1) }
    }

    /// Runs the submission. One request for a page, or for an image, or each for an image fails.
    fn run(self, submission: &Submission, settings: &Settings) -> Result<Ended, String> {
        let (failing, mut seen) = (submission.random().usize(2..=4), 0);
        let is_page = self == Self::Page;
        Guided::start(submission, settings)?.end_with(|held| {
            seen += usize::from(held.is_head == is_page);
            let fails = self == Self::AllDownloads || seen == failing;
            match held.is_head {
                _ if fails && held.is_head == is_page => self.response(),
                true => Release::Size(WORKERS - 2),
                false => Release::Image,
            }
        })
    }
}

/// Runs in which something fails, beside each other.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let all = [Failing::Download, Failing::Page, Failing::AllDownloads];
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
        Failing::AllDownloads => {
            "Each worker had an error, and none took the links that were left. Does a thread wait for \
             an empty queue then, or for room where it leaves its error?"
        }
        Failing::Page | Failing::Download => {
            "`main` waits for its workers, and they sleep. They must find out that nothing more will \
             come, even after an error."
        }
    };
    let message = format!(
        "In a run in which {}, your program did not end, and was stopped. {why}",
        failing.what()
    );
    (!ended.run.was_stopped(), message)
}
