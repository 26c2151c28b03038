//! Task 5: two threads move images in opposite directions in every schedule; then at the server, and
//! once with an image that fails.

use crate::judge::{
    Expectation, Order, Stepped, Submission, Verdict, at_most, drawn, each_once, expect_all,
    explored, fails_loudly, saved_all, step,
};
use practice::Settings;

const THREADS: usize = 2;

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let drawn = drawn(submission, 10..=17);
    // The two threads have as many images each: both are busy until the end.
    let images = drawn.images / 2 * 2;
    let settings = Settings { images, ..drawn };
    let stepped = step(submission, &settings, THREADS, Order::Rounds)?;
    expect_all([
        at_least(&stepped),
        each_once(&stepped.observed, images),
        at_most(&stepped.observed, THREADS),
    ])?;
    stepped.run.succeeded()?;
    expect_all([saved_all(&stepped.run, &stepped.server)])?;
    fails_loudly(submission, &settings, 1, THREADS, true)?;
    Ok(format!(
        "No deadlock in {covered} of two threads and a visitor, who finds each image in one album. \
         At the server, two requests were in flight until the last of {images} images, and all were \
         saved."
    ))
}

fn at_least(stepped: &Stepped) -> Expectation {
    let released = stepped.stall.map_or(0, |stall| stall.released);
    let message = format!(
        "After response {released}, there was one request in flight or none, although two threads \
         call your function, and both had images left. What keeps one from downloading while the \
         other one does?"
    );
    (stepped.first >= THREADS && stepped.stall.is_none(), message)
}
