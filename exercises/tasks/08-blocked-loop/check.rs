//! Task 8: all look-ups and all downloads are in flight at the same time, two requests for each
//! image.
//!
//! The gate holds every response. A look-up that blocks a thread of the runtime keeps it blocked,
//! and the requests that this thread should send don't come. More threads don't help: at least the
//! download of the same task is missing.

#[path = "check/failing.rs"]
mod failing;
#[path = "check/one_by_one.rs"]
mod one_by_one;

use crate::judge::{
    Expectation, Submission, Verdict, drawn, expect_all, images, run_gated, saved_all,
};
use failing::fails;
use one_by_one::{saves_each, unsaved};
use practice::LoggedRequest;

pub fn check(submission: &Submission) -> Verdict {
    let settings = drawn(submission, 10..=16);
    let all = settings.images;
    let gathered = run_gated(submission, &settings, 2 * all)?;
    gathered.run.ended()?;
    let observed = &gathered.observed;
    let at_the_gate = images(observed).take(gathered.at_the_gate);
    let look_ups = at_the_gate.filter(|seen| is_look_up(seen)).count();
    let downloads = gathered.at_the_gate - look_ups;
    let one_at_a_time = observed.peak_in_flight == 2 && downloads == 1;
    expect_all([
        looks_up(images(observed).any(is_look_up)),
        has_threads_enough(look_ups, downloads, all),
        blocks_no_task(look_ups != 1 || one_at_a_time, all),
        blocks_no_thread(look_ups, downloads, all),
        all_in_flight(look_ups, downloads, all),
    ])?;
    gathered.run.succeeded()?;
    expect_all([saved_all(&gathered.run, &gathered.server)])?;
    expect_all([saves_each(unsaved(submission, &settings)?, all)])?;
    fails(submission, &settings, &gathered.server)?;
    Ok(format!(
        "{all} look-ups and {all} downloads were in flight at the same time: no task blocked \
         another one, and each image was saved when its size came. The image for which the catalogue \
         named a wrong size, or none, was not saved."
    ))
}

fn is_look_up(seen: &LoggedRequest) -> bool {
    seen.is_head
}

fn looks_up(any: bool) -> Expectation {
    let message = "The catalogue was never used. Without the look-ups nothing blocks, but the \
                   program can't tell whether an image is complete. How can `catalogue::size` stay \
                   without blocking the other tasks?";
    (any, message.into())
}

/// Blocked threads of a pool, or of one thread, let all downloads through.
fn has_threads_enough(look_ups: usize, downloads: usize, all: usize) -> Expectation {
    let message = format!(
        "Before the first response, all {downloads} downloads came, but only {look_ups} of {all} \
         look-ups: your look-ups block no task, but take turns on {look_ups} threads of their own, \
         and the others wait. A pool for work that computes (rayon's has a thread for each core) is \
         too small for calls that wait. Which pool grows with the number of blocked calls?"
    );
    (downloads < all || look_ups >= all || look_ups == 0, message)
}

fn blocks_no_task(is_met: bool, all: usize) -> Expectation {
    let message = format!(
        "{all} tasks, but one look-up in flight: until the server responded to it, no other \
         task did anything. A task gives its thread to the others at an `.await`, and only there. \
         Something in your program waits without an `.await`, and blocks the thread on which all \
         tasks run; `async` in front of a function doesn't change what it calls. Which call is it, \
         and on which thread could it wait instead?"
    );
    (is_met, message)
}

fn blocks_no_thread(look_ups: usize, downloads: usize, all: usize) -> Expectation {
    let some = look_ups > 1 && look_ups < all;
    let message = format!(
        "Before the first response, {look_ups} look-ups and {downloads} downloads came, although \
         there are {all} tasks. It looks as if each of {look_ups} threads of the runtime is \
         blocked by a look-up. More threads only raise the limit. Where does tokio keep threads \
         that may block?"
    );
    (!(some && downloads < look_ups), message)
}

fn all_in_flight(look_ups: usize, downloads: usize, all: usize) -> Expectation {
    let message = format!(
        "Before the first response, {look_ups} of {all} look-ups and {downloads} of {all} \
         downloads came. Either something is awaited before the next request begins: one of the \
         two requests of a task, or a whole task. Or a look-up blocks, and `try_join!`, which \
         polls both on one thread, never gets to the download. Which is it?"
    );
    (look_ups + downloads >= 2 * all, message)
}
