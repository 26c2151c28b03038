//! Task 8: all look-ups and all downloads are in flight at the same time, two requests for each
//! image.
//!
//! The gate holds every response. A look-up that blocks a thread of the runtime keeps it blocked,
//! and the requests that this thread should send don't come. More threads don't help: at least the
//! download of the same task is missing.

use crate::judge::{
    Expectation, Submission, Verdict, expect_all, images, run_gated, saved_all, settings,
};
use practice::LoggedRequest;

const IMAGES: usize = 12;

pub fn check(submission: &Submission) -> Verdict {
    // A runtime without a fixed number of threads gets two, on any machine.
    let variables = [("TOKIO_WORKER_THREADS", "2")];
    let gathered = run_gated(submission, &variables, &settings(IMAGES), 2 * IMAGES)?;
    gathered.run.ended()?;
    let observed = &gathered.observed;
    let at_the_gate = images(observed).take(gathered.at_the_gate);
    let look_ups = at_the_gate.filter(|seen| is_look_up(seen)).count();
    let downloads = gathered.at_the_gate - look_ups;
    let one_at_a_time = observed.peak_in_flight == 2 && downloads == 1;
    expect_all([
        looks_up(images(observed).any(is_look_up)),
        blocks_no_task(look_ups != 1 || one_at_a_time),
        blocks_no_thread(look_ups, downloads),
        all_in_flight(look_ups, downloads),
    ])?;
    gathered.run.succeeded()?;
    expect_all([saved_all(&gathered.run, &gathered.server)])?;
    Ok(format!(
        "{IMAGES} look-ups and {IMAGES} downloads were in flight at the same time: no task blocked \
         another one."
    ))
}

/// The blocking client sends a User-Agent, the async client doesn't.
fn is_look_up(seen: &LoggedRequest) -> bool {
    !seen.user_agent.is_empty()
}

fn looks_up(any: bool) -> Expectation {
    let message = "The catalogue was never used. Without the look-ups nothing blocks, but the \
                   program can't tell whether an image is complete. How can `catalogue::size` stay \
                   without blocking the other tasks?";
    (any, message.into())
}

fn blocks_no_task(is_met: bool) -> Expectation {
    let message = format!(
        "{IMAGES} tasks, but one look-up in flight: until the server responded to it, no other \
         task did anything. A task gives its thread to the others at an `.await`, and only there. \
         Something in your program waits without an `.await`, and blocks the thread on which all \
         tasks run; `async` in front of a function doesn't change what it calls. Which call is it, \
         and on which thread could it wait instead?"
    );
    (is_met, message)
}

fn blocks_no_thread(look_ups: usize, downloads: usize) -> Expectation {
    let some = look_ups > 1 && look_ups < IMAGES;
    let message = format!(
        "Before the first response, {look_ups} look-ups and {downloads} downloads came, although \
         there are {IMAGES} tasks. It looks as if each of {look_ups} threads of the runtime is \
         blocked by a look-up. More threads only raise the limit. Where does tokio keep threads \
         that may block?"
    );
    (!(some && downloads < look_ups), message)
}

fn all_in_flight(look_ups: usize, downloads: usize) -> Expectation {
    let message = format!(
        "Before the first response, {look_ups} of {IMAGES} look-ups and {downloads} of {IMAGES} \
         downloads came. Either something is awaited before the next request begins: one of the \
         two requests of a task, or a whole task. Or a look-up blocks, and `try_join!`, which \
         polls both on one thread, never gets to the download. Which is it?"
    );
    (look_ups + downloads >= 2 * IMAGES, message)
}
