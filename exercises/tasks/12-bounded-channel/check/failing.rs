//! Runs in which a look-up or a download fails.

use super::FULL;
use crate::judge::{Ended, Guided, Submission, ends_with_failure, expect_all, fail_requests};
use practice::{Release, Settings};

const NO_ROOM: &str = "The thread that saves the images has returned its error, but the workers are \
                       still waiting for room. What wakes them? `send` fails once the receiver has been \
                       dropped. When does your program drop it?";
const NO_IMAGE: &str = "Which thread waits for an image that never comes?";

/// The program ends with a failure.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let number = submission.random().usize(1..settings.images - FULL);
    let ended = fail_when_full(submission, settings, number)?;
    expect_all(ends_with_failure(&ended, "a look-up failed", NO_ROOM))?;
    let respond = fail_requests(false, number..number + 1, Release::Status(404), Release::Image);
    let ended = Guided::start(submission, settings)?.end_with(respond)?;
    expect_all(ends_with_failure(&ended, "a download failed", NO_IMAGE))
}

/// The look-up with this number fails while all workers wait for room.
fn fail_when_full(
    submission: &Submission,
    settings: &Settings,
    number: usize,
) -> Result<Ended, String> {
    let mut run = Guided::start(submission, settings)?;
    for look_up in 1..=number {
        run.comes(|run| !run.look_ups().is_empty());
        while run.comes_at_once(|run| !run.downloads().is_empty()) {
            for held in run.downloads() {
                run.server.release(held.id, Release::Image);
            }
        }
        let release = if look_up == number { Release::Status(404) } else { Release::Image };
        for held in run.look_ups() {
            run.server.release(held.id, release);
        }
    }
    run.end_with(|_| Release::Image)
}
