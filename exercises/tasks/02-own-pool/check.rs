//! Task 2: five threads have exactly five requests in flight until none is left, and no error is lost.
//!
//! The server holds every request. It releases one, and the next one has to come, until the album is
//! done: once always the newest request, and once each of the five in turn, in rounds.

#[path = "check/workers.rs"]
mod workers;

use crate::judge::{
    Order, Submission, Verdict, at_least, at_most, drawn, each_once, expect_all, fails_loudly,
    keeps_busy, not_torn, saved_all, step, waits_for_locks,
};
use workers::Workers;

const WORKERS: usize = 5;
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
        expect_all([saved_all(&stepped.run, &stepped.server)])?;
    }
    expect_all(Workers::watch(submission, &settings)?.expectations())?;
    fails_loudly(submission, &settings, WORKERS, WORKERS, true)?;
    Ok(format!(
        "In two runs with {images} images, exactly five requests were in flight until the last \
         image was requested. In the first one the newest request always had its response first; \
         in the second one, all five took turns. In {WORKERS} more runs, one image failed \
         each time; in another run, all images failed; and in yet another, one could not be saved. Each \
         time, the exit code said so."
    ))
}
