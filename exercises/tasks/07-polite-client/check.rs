//! Task 7: eight requests in flight as long as there is something to ask for, never more.
//!
//! The gate shows how many ask at once. Then the link is so slow, and the images differ so much in
//! size, that eight requests do not end together by chance.

use crate::attempt::Attempt;
use crate::seen::{
    Verdict, different, each_once, gated, gather, images, others_in_flight, saved_all, serve,
    settings,
};
use practice::Settings;
use std::time::Duration;

const LIMIT: usize = 8;
const IMAGES: usize = 24;

/// How long it may take from the gate on. It takes three seconds.
const PATIENCE: Duration = Duration::from_secs(8);

pub fn check(attempt: &Attempt) -> Verdict {
    let settings = Settings { limit: Some(LIMIT), link_rate: Some(2_000_000), ..settings(IMAGES) };
    let server = serve(&gated(&settings, IMAGES + 1))?;
    let mut running = attempt.start(&server)?;
    // One more than is good, so that it comes before any answer if it comes at all.
    let at_the_gate = gather(&mut running, &server, LIMIT + 1);
    let run = running.wait_for(PATIENCE)?;
    let observed = server.observed();
    let (asked, different) = (images(&observed).count(), different(&observed));
    if asked == 0 {
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    let others = others_in_flight(&observed);
    let refused = others.iter().filter(|others| **others >= LIMIT).count();
    if refused > 0 && asked > different {
        return Err(format!(
            "{asked} requests for {different} images: {refused} came while {LIMIT} others were in flight, \
             were refused with 429, and asked again. After a refusal, to come back later is good \
             manners. But a refusal is work for the server, too, and who knows the limit need not be \
             told. What would let a task wait before it asks?"
        ));
    }
    if refused > 0 {
        return Err(format!(
            "Too many requests at once: {refused} came while {LIMIT} others were in flight, and were \
             refused with 429. Something must make a task wait before it asks. If you have a semaphore \
             already: do all tasks use the same one? And where is the permit, and how long does it live?"
        ));
    }
    if at_the_gate == 1 {
        return Err(format!(
            "Your program never had more than one request in flight. That is polite, but the server \
             bears {LIMIT}. Is each task awaited before the next one is spawned, or is there a lock or \
             a permit of which there is only one?"
        ));
    }
    if at_the_gate < LIMIT {
        return Err(format!(
            "{at_the_gate} requests were in flight, and no more came. The server bears {LIMIT}."
        ));
    }
    if run.was_stopped() && asked == LIMIT {
        return Err(format!(
            "{LIMIT} requests came and were answered, and then no more: the other tasks wait for a \
             permit. A permit is given back when it is dropped. What became of the first {LIMIT}?"
        ));
    }
    crate::seen::expect_all([each_once(&observed, IMAGES)])?;
    run.succeeded()?;
    if others.iter().step_by(LIMIT).skip(1).all(|others| *others == 0) {
        return Err(format!(
            "{LIMIT} requests at a time, but in batches: the next one came only after all of them were \
             answered. While the largest image of a batch is on its way, the server could serve \
             seven others. An image should be asked for as soon as another one has ended."
        ));
    }
    crate::seen::expect_all([saved_all(&run, &server)])?;
    Ok(format!(
        "{LIMIT} requests in flight, never more: the server refused nobody, and as soon as an image \
         had come, the next one was asked for. All {IMAGES} are there."
    ))
}
