//! Runs in which a token, a download, or all downloads of a round fail.

use super::WORKERS;
use crate::judge::{
    FailingRun, Submission, ends_with_failure, expect_all, fail_requests, retries_nothing,
    run_failing,
};
use practice::{Held, Release, Server, Settings};

const MISSING: &str = "A worker that returns its error is missing at the next meeting, and the others \
                       wait for it for ever. It must come to the meeting, and all of them must learn of \
                       the error there.";
const NO_ROOM: &str = "Each worker had an error. Is there room for all these errors, or does a worker \
                       wait for its error to be taken before it comes to the meeting?";

/// The program ends with a failure. `server` has the names of the images.
pub fn fails(submission: &Submission, settings: &Settings, server: &Server) -> Result<(), String> {
    let rounds = settings.images / WORKERS;
    let mut random = submission.random();
    // Some servers say when to come back.
    let failure = Release::RetryAfter(1);
    // A mistake can show with some of the workers only, or in the last round, which no meeting follows.
    let names = server.names();
    let (round, last) = (WORKERS * random.usize(..rounds - 1), WORKERS * (rounds - 1));
    let one_of_last = last + random.usize(..WORKERS);
    let failing_names = names[round..round + WORKERS].iter().chain([&names[one_of_last]]);
    let downloads = failing_names.map(|name| {
        let respond = move |held: &Held| if held.name == *name { failure } else { Release::Image };
        FailingRun { what: "a download failed", stuck: MISSING, respond: Box::new(respond) }
    });
    let (token, first) = (random.usize(1..rounds), 1 + WORKERS * random.usize(..rounds));
    let others = [
        FailingRun {
            what: "the token was refused",
            stuck: MISSING,
            respond: fail_requests(true, token..token + 1, failure, Release::Image),
        },
        FailingRun {
            what: "all downloads of a round failed",
            stuck: NO_ROOM,
            respond: fail_requests(
                false,
                first..first + WORKERS,
                Release::Status(404),
                Release::Image,
            ),
        },
    ];
    for (run, ended) in run_failing(submission, settings, downloads.chain(others))? {
        expect_all([retries_nothing(&ended, run.what)])?;
        expect_all(ends_with_failure(&ended, run.what, run.stuck))?;
    }
    Ok(())
}
