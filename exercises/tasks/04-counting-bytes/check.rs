//! Task 4: one to three threads count in every schedule; then five at the server, step by step, and
//! once with an image that fails.

use crate::judge::{
    Expectation, Order, Stepped, Submission, Verdict, at_least, at_most, drawn, each_once,
    expect_all, explored, fails_loudly, step,
};

const WORKERS: usize = 5;
const TOO_FEW: &str = "Five threads call your function. What keeps them from downloading at the same \
                       time?";

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let settings = drawn(submission, 20..=26);
    let stepped = step(submission, &settings, WORKERS, Order::Rounds)?;
    expect_all([
        at_least(stepped.first, WORKERS, TOO_FEW),
        each_once(&stepped.observed, settings.images),
        at_most(&stepped.observed, WORKERS),
        never_wait(&stepped),
    ])?;
    stepped.run.succeeded()?;
    fails_loudly(submission, &settings, 1, WORKERS, false)?;
    Ok(format!(
        "With three threads, no image and no byte is lost in {covered}. At the server, five \
         requests were in flight until the last of {} images was requested.",
        settings.images
    ))
}

fn never_wait(stepped: &Stepped) -> Expectation {
    let Some(stall) = stepped.stall else { return (true, String::new()) };
    let message = format!(
        "After response {}, {} requests were in flight, and no other one came, although {} images \
         had not been requested yet. {TOO_FEW}",
        stall.released, stall.in_flight, stall.left,
    );
    (false, message)
}
