//! Runs in which a look-up or a download fails.

use super::FULL;
use crate::judge::{FailingRun, Submission, expect_all, failing, run_failing};
use practice::{Release, Settings};

const NO_ROOM: &str = "The thread that saves the images has returned its error, and the workers still \
                       wait for room. What wakes them? `send` fails when the receiver is dropped: when \
                       is that?";
const NO_IMAGE: &str = "Which thread waits for an image that never comes?";

/// The program ends with a failure.
pub fn fails(submission: &Submission, settings: &Settings) -> Result<(), String> {
    // Early enough that workers wait for room when a look-up fails.
    let number = submission.random().usize(1..settings.images - FULL - 2);
    let one =
        |is_look_up| failing(is_look_up, number..number + 1, Release::Status(404), Release::Image);
    let runs = [
        FailingRun { what: "a look-up failed", stuck: NO_ROOM, respond: one(true) },
        FailingRun { what: "a download failed", stuck: NO_IMAGE, respond: one(false) },
    ];
    for (run, ended) in run_failing(submission, settings, runs)? {
        expect_all(run.ends_with_failure(&ended))?;
    }
    Ok(())
}
