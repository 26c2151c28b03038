//! Task 14: both mirrors are asked for each image. One of them, drawn at random, responds; then the
//! other request must be gone, and the next image is requested. Sometimes the first response is an
//! error; then the other mirror's image counts.

#[path = "check/race.rs"]
mod race;

use crate::judge::{
    Ended, Expectation, Guided, Submission, Verdict, does_not_panic, drawn, ends_with_failure,
    expect_all, images, permanent, saved_all,
};
use practice::{Held, Release, Settings};
use race::{Mistake, Raced, race};

pub fn check(submission: &Submission) -> Verdict {
    let settings = drawn(submission, 10..=14);
    let all = settings.images;
    let raced = race(submission, &settings)?;
    let run = &raced.ended.run;
    expect_all([
        does_not_panic(run, "when a mirror responded with an error"),
        asks_both(&raced),
        asks_at_once(&raced),
        takes_the_first(&raced),
        takes_no_error(&raced),
        takes_no_half(&raced),
        keeps_the_request(&raced),
        closes_the_other(&raced),
        asks_once(&raced.ended, all),
    ])?;
    run.succeeded()?;
    expect_all([saved_all(run, &raced.ended.server)])?;
    both_fail(submission, &settings)?;
    Ok(format!(
        "For each of {all} images, both mirrors were asked. {} times the first image was taken and \
         the other connection closed at once; {} times the first response was an error, and the \
         other mirror's image was taken.",
        all - raced.errors,
        raced.errors,
    ))
}

/// A run in which both mirrors of one image respond with an error.
fn both_fail(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let status = permanent(submission);
    let failing = submission.random().usize(..settings.images);
    let run = Guided::start(submission, settings)?;
    let name = run.server.names().swap_remove(failing);
    let respond =
        |held: &Held| if held.name == name { Release::Status(status) } else { Release::Image };
    let what = "both mirrors of an image responded with an error";
    expect_all(ends_with_failure(&run.end_with(respond)?, what, "What waits for a third response?"))
}

fn asks_both(raced: &Raced) -> Expectation {
    let message = format!(
        "For image {}, only one mirror was asked before the first response. Both must be asked at the \
         same time: a future that isn't awaited does nothing, and `select!` awaits two at once.",
        raced.images + 1
    );
    (raced.mistake != Some(Mistake::AskedOne), message)
}

fn asks_at_once(raced: &Raced) -> Expectation {
    let message = format!(
        "For image {}, the second mirror was asked only after a while, although neither had responded. \
         Both must be asked at the same time: if one is slow, the other one has begun already. What does \
         your program wait for in between?",
        raced.images + 1
    );
    (raced.mistake != Some(Mistake::AskedLate), message)
}

fn takes_the_first(raced: &Raced) -> Expectation {
    let message = format!(
        "For image {}, one mirror had sent the image, and your program waited for the other one, \
         too: no further image was requested. `join!` waits for both. What waits for the first one?",
        raced.images
    );
    (raced.mistake != Some(Mistake::WaitsForBoth), message)
}

fn takes_no_error(raced: &Raced) -> Expectation {
    let message = format!(
        "For image {}, the first response was an error, and your program gave up the other request \
         as well. That mirror still had the image: an error must not win while the other one may \
         succeed.",
        raced.images + 1
    );
    (raced.mistake != Some(Mistake::TookTheError), message)
}

fn takes_no_half(raced: &Raced) -> Expectation {
    let message = format!(
        "For image {}, the connection to one mirror broke off halfway through the image, and your program \
         gave up on the other request as well, although the other mirror still had the image. After an \
         error status, your program did wait for the other mirror. Which other errors does `download` \
         return?",
        raced.images + 1
    );
    (raced.mistake != Some(Mistake::GaveUpAfterHalf), message)
}

fn keeps_the_request(raced: &Raced) -> Expectation {
    let message = format!(
        "For image {}, the first response was an error. Your program cancelled the request to the other \
         mirror, and then sent it again. It was in flight already: let `select!` borrow it, \
         `&mut future`, and await it afterwards.",
        raced.images + 1
    );
    (raced.mistake != Some(Mistake::AskedAgain), message)
}

fn closes_the_other(raced: &Raced) -> Expectation {
    let message = format!(
        "Image {} had come from one mirror, and the request to the other one was still in flight \
         when the next image was requested: that image is sent for nothing. A future that is \
         dropped closes its connection. A spawned task goes on, even when its handle is dropped: \
         what aborts it?",
        raced.images
    );
    (raced.mistake != Some(Mistake::LeftOpen), message)
}

fn asks_once(ended: &Ended, all: usize) -> Expectation {
    let requests = images(&ended.observed).count();
    let message = format!(
        "The server saw {requests} requests instead of {}: one to each mirror for each image. Is a \
         request that is already in flight sent again?",
        2 * all
    );
    (requests <= 2 * all, message)
}
