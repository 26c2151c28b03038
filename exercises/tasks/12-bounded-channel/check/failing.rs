//! Runs in which a look-up or a download fails.

use super::FULL;
use crate::judge::{Guided, Submission, exits_with_failure, expect_all};
use practice::{Release, Settings};

/// A run in which one look-up, or one download, gets a permanent status.
pub fn fails(submission: &Submission, settings: &Settings, is_look_up: bool) -> Result<(), String> {
    // Early enough that workers wait for room when a look-up fails.
    let failing = submission.random().usize(1..settings.images - FULL - 2);
    let mut seen = 0;
    let ended = Guided::start(submission, settings)?.end_with(|held| {
        seen += usize::from(held.is_head == is_look_up);
        let fails = held.is_head == is_look_up && seen == failing;
        if fails { Release::Status(404) } else { Release::Image }
    })?;
    let what = if is_look_up { "a look-up" } else { "a download" };
    let stuck = if is_look_up {
        "In a run in which a look-up failed, your program did not end. The thread that saves the \
         images has returned its error, and the workers still wait for room. What wakes them? \
         `send` fails when the receiver is dropped: when is that?"
    } else {
        "In a run in which a download failed, your program did not end, and was stopped. Which \
         thread waits for an image that never comes?"
    };
    expect_all([
        (!ended.run.was_stopped(), stuck.into()),
        (
            ended.run.code() != Some(101),
            format!(
                "Your program panicked in a run in which {what} failed. If `send` returns an \
                 error, nothing takes images out of the channel any more, so the worker can end. \
                 Where are the `unwrap`s?"
            ),
        ),
        exits_with_failure(&ended.run, &format!("{what} failed")),
    ])
}
