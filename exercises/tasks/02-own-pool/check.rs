//! Task 2: five threads have exactly five requests in flight until none is left, and no error is lost.
//!
//! The server holds every request. It releases one, and the next one has to come, until the album is
//! done: once always the newest request, and once each of the five in turn, in rounds.

use crate::judge::{
    Expectation, Order, Stepped, Submission, Verdict, at_least, at_most, drawn, each_once,
    expect_all, fails_loudly, keeps_busy, not_torn, run_with_failures, saved_all, saves_meanwhile,
    step, waits_for_locks,
};
use std::time::Duration;

const WORKERS: usize = 5;
/// While all five threads wait, they need no processor time. A thread that spins uses much more.
const MAX_SPUN: Duration = Duration::from_millis(100);
const TOO_FEW: &str = "Either fewer than five threads are running, or they wait for each other. Is \
                       each thread joined before the next one is started (an iterator is lazy), or \
                       does a thread hold a lock while it downloads?";

pub fn check(submission: &Submission) -> Verdict {
    let settings = drawn(submission, 20..=26);
    let images = settings.images;
    let source = submission.source();
    let too_few = format!("{TOO_FEW} {}", source.line_with(&["while let", "lock()"]));
    for order in [Order::Newest, Order::Rounds] {
        let stepped = step(submission, &settings, WORKERS, order)?;
        expect_all([
            // Mistakes that only some runs show come first: the verdict must not depend on luck.
            not_torn(source),
            waits_for_locks(source),
            at_most(&stepped.observed, WORKERS),
            at_least(stepped.first, WORKERS, &too_few),
            each_once(&stepped.observed, images),
            keeps_busy(&stepped, WORKERS),
        ])?;
        stepped.run.succeeded()?;
        expect_all([
            saved_all(&stepped.run, &stepped.server),
            saves_meanwhile(&stepped),
            are_threads(&stepped),
            keep_running(&stepped),
            do_not_spin(&stepped),
        ])?;
    }
    fails_loudly(&run_with_failures(submission, &settings, WORKERS, true)?, WORKERS)?;
    Ok(format!(
        "In two runs with {images} images, exactly five requests were in flight until the last \
         image was requested. In the first one the newest request always had its response first; \
         in the second one, all five took turns. In {WORKERS} more runs one image failed each \
         time, in one more all did, and in another one could not be saved: the exit code said so."
    ))
}

/// Five threads wait for the server, with or without the one of `main`.
fn are_threads(stepped: &Stepped) -> Expectation {
    let threads = stepped.threads.unwrap_or(WORKERS);
    let message = format!(
        "While five requests were in flight, your program had {threads} threads. Here, each of five \
         threads has one request, and there are no others but that of `main`: no runtime, no pool, \
         and no thread for each image that waits for its turn."
    );
    ((WORKERS..=WORKERS + 1).contains(&threads), message)
}

/// The same five threads download from the first image to the last one.
fn keep_running(stepped: &Stepped) -> Expectation {
    let threads = stepped.waited.len();
    let message = format!(
        "In the course of the run, {threads} threads of your program waited for an image: it starts a \
         new thread for each link, at most five at a time. Starting a thread costs time and memory. \
         Here, five threads run until the queue is empty, and take one link after another."
    );
    (threads <= WORKERS, message)
}

fn do_not_spin(stepped: &Stepped) -> Expectation {
    let spun = stepped.spun.unwrap_or_default();
    let message = format!(
        "While all requests were held and your threads had nothing to do, they used {spun:.0?} of \
         processor time. A loop that asks again and again keeps a core busy. Let a thread wait in a \
         call that blocks: `lock`, `join`, `download`."
    );
    (spun <= MAX_SPUN, message)
}
