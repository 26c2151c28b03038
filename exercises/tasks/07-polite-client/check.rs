//! Task 7: eight requests in flight while there are images left, and never more.
//!
//! The server holds every request, and refuses a ninth one. It releases one, and the next one has to
//! come, until the album is done: once always the newest request, and once each of the eight in turn, in
//! rounds.

use crate::judge::{
    Expectation, Order, Stepped, Submission, Verdict, at_least, different, drawn, each_once,
    expect_all, fails_loudly, images, keeps_busy, saved_all, step,
};
use practice::Settings;

const LIMIT: usize = 8;
const TOO_FEW: &str = "Is each task awaited before the next one is spawned, or do the tasks share \
                       a lock, or too few permits?";

pub fn check(submission: &Submission) -> Verdict {
    let settings = Settings { limit: Some(LIMIT), ..drawn(submission, 32..=38) };
    let dropped = submission.source().line_with(&["let _ =", "acquire"]);
    for order in [Order::Newest, Order::Rounds] {
        let stepped = step(submission, &settings, LIMIT, order)?;
        expect_all([
            no_refusals(&stepped, &dropped),
            at_least(stepped.first, LIMIT, TOO_FEW),
            returns_permits(&stepped),
            each_once(&stepped.observed, settings.images),
            keeps_busy(&stepped, LIMIT),
        ])?;
        stepped.run.succeeded()?;
        expect_all([saved_all(&stepped.run, &stepped.server)])?;
    }
    let settings = Settings { limit: None, ..settings };
    fails_loudly(submission, &settings, LIMIT, LIMIT, true)?;
    Ok(format!(
        "In two runs, {LIMIT} requests were in flight until the last of {} images was requested, \
         and never more: the server refused none. In {LIMIT} more runs, one image failed each time; \
         in another run, all images failed; and in yet another, one could not be saved. Each time, the exit \
         code said so.",
        settings.images
    ))
}

fn no_refusals(stepped: &Stepped, dropped: &str) -> Expectation {
    let refused = images(&stepped.observed).filter(|seen| seen.status == 429).count();
    let message = format!(
        "{refused} of {} requests for {} images came while {LIMIT} others were in flight, and were \
         refused with 429. A retry may succeed later, but the refusal is work for the server; if \
         you know the limit, make a task wait before it sends its request. If you have a semaphore \
         already: do all tasks share it? And when is the permit dropped? {dropped}",
        images(&stepped.observed).count(),
        different(&stepped.observed),
    );
    (refused == 0, message)
}

fn returns_permits(stepped: &Stepped) -> Expectation {
    let message = format!(
        "{LIMIT} requests came and were served, and then no more: the other tasks wait for a \
         permit. A permit returns to the semaphore when it is dropped. What happened to the first \
         {LIMIT}?"
    );
    (!stepped.run.was_stopped() || images(&stepped.observed).count() != LIMIT, message)
}
