//! Task 12: while the thread that keeps the images waits for a look-up, the workers stop after
//! `WORKERS + ROOM + 1` downloads. Each look-up that ends lets one more download start.

#[path = "check/failing.rs"]
mod failing;
#[path = "check/quiet.rs"]
mod quiet;

use crate::judge::{
    Ended, Expectation, Guided, Source, Submission, Verdict, drawn, each_once, expect_all, images,
    only_downloads, saved_all,
};
use failing::fails;
use practice::{Release, Settings};
use quiet::Quiet;
use std::thread;

const WORKERS: usize = 4;
const ROOM: usize = 3;
/// One image is with the thread that keeps them, `ROOM` wait, and each worker has one that does not
/// fit.
const FULL: usize = 1 + ROOM + WORKERS;

pub fn check(submission: &Submission) -> Verdict {
    let settings = drawn(submission, 21..=27);
    let images = settings.images;
    let (stepped, quiet) = thread::scope(|scope| {
        let quiet = scope.spawn(|| Quiet::run(submission, &settings));
        (step(submission, &settings), quiet.join().expect("no run panics"))
    });
    let (stepped, quiet) = (stepped?, quiet?);
    let observed = &stepped.ended.observed;
    expect_all([
        // Mistakes that only some runs show come first: the verdict must not depend on luck.
        looks_again(submission.source()),
        downloads_together(stepped.first),
        // On a busy machine, the stepped run can be quiet, too.
        quiet.is_not_the_end(images),
        keeps_meanwhile(stepped.look_ups),
        looks_up_one_at_a_time(stepped.look_ups),
        drops_none(&stepped.ended, images),
        is_bounded(stepped.full, images),
        has_room(stepped.full),
        waits_asleep(stepped.slept),
        each_once(&only_downloads(observed), images),
        goes_on(stepped.stall),
    ])?;
    stepped.ended.run.succeeded()?;
    expect_all([saved_all(&stepped.ended.run, &stepped.ended.server)])?;
    fails(submission, &settings)?;
    Ok(format!(
        "While the first look-up was held, {FULL} of {images} images were requested: {WORKERS} for \
         the workers, {ROOM} in the channel, and 1 for the thread that saves images. After each \
         further look-up came one more. When a look-up failed, and when a download failed, your \
         program ended with a failure."
    ))
}

/// What the stepped run showed.
struct Stepped {
    /// Downloads in flight before the first response.
    first: usize,
    /// Downloads up to the end of the first look-up.
    full: usize,
    /// The maximum of look-ups in flight.
    look_ups: usize,
    /// Whether the program slept while the first look-up was held.
    slept: bool,
    /// Look-ups that had ended, and downloads that should have come and that came.
    stall: Option<(usize, usize, usize)>,
    ended: Ended,
}

fn step(submission: &Submission, settings: &Settings) -> Result<Stepped, String> {
    let mut random = submission.random();
    let mut run = Guided::start(submission, settings)?;
    run.comes(|run| run.downloads().len() >= WORKERS);
    run.settle();
    let first = run.downloads().len();
    pass_downloads(&mut run, FULL);
    let slept = run.sleeps();
    // One too many has come by now, and then all others follow.
    if downloaded(&run) > FULL {
        pass_downloads(&mut run, settings.images);
    }
    let full = downloaded(&run);
    run.comes(|run| !run.look_ups().is_empty());
    let mut look_ups = run.look_ups().len();
    let mut stall = None;
    for done in 1..settings.images {
        let held = run.look_ups();
        look_ups = look_ups.max(held.len());
        if held.is_empty() || stall.is_some() || full != FULL {
            break;
        }
        run.server.release(held[random.usize(..held.len())].id, Release::Image);
        let expected = settings.images.min(FULL + done);
        pass_downloads(&mut run, expected);
        run.comes(|run| !run.look_ups().is_empty());
        run.settle_briefly();
        let now = downloaded(&run);
        stall = (now != expected).then_some((done, expected, now));
    }
    Ok(Stepped { first, full, look_ups, slept, stall, ended: run.end()? })
}

/// Responds to each download as it comes, until `expected` have come.
fn pass_downloads(run: &mut Guided, expected: usize) {
    run.comes(|run| {
        for held in run.downloads() {
            run.server.release(held.id, Release::Image);
        }
        downloaded(run) >= expected
    });
    for held in run.downloads() {
        run.server.release(held.id, Release::Image);
    }
}

/// The downloads that were requested up to now.
fn downloaded(run: &Guided) -> usize {
    images(&run.server.observed()).filter(|seen| !seen.is_head).count()
}

fn downloads_together(first: usize) -> Expectation {
    let message = format!(
        "Before the first response, {first} requests for images were in flight instead of \
         {WORKERS}. The workers should download at the same time; only the thread that saves the \
         images is alone."
    );
    (first == WORKERS, message)
}

fn keeps_meanwhile(look_ups: usize) -> Expectation {
    let message = "Images had been downloaded, and no look-up came. Does the thread that saves the \
                   images wait for the workers first? They wait for room in the channel, and only \
                   that thread makes room.";
    (look_ups > 0, message.into())
}

fn looks_up_one_at_a_time(look_ups: usize) -> Expectation {
    let message = format!(
        "{look_ups} look-ups were in flight at the same time. The catalogue accepts one at a time: \
         one thread looks up sizes and saves images, and the workers send their images to it."
    );
    (look_ups <= 1, message)
}

fn drops_none(ended: &Ended, all: usize) -> Expectation {
    let looked_up = images(&ended.observed).filter(|seen| seen.is_head).count();
    let message = format!(
        "{} of {all} images were downloaded and then dropped: no look-up for them came. If the \
         channel is full, `try_send` returns an error with the image in it, and does not wait. \
         What happens to the image then? `send` waits for room.",
        all.saturating_sub(looked_up),
    );
    (looked_up >= all || ended.run.code() != Some(0), message)
}

fn is_bounded(full: usize, all: usize) -> Expectation {
    let message = if full == all {
        format!(
            "While the first look-up was held, your program downloaded all {all} images. They wait \
             in memory for a thread that is behind. An album of 50 GB would not fit. With room for \
             {ROOM}, a worker that has one more must wait: see `mpsc::sync_channel`."
        )
    } else {
        format!(
            "While the first look-up was held, {full} images were requested instead of {FULL}: 1 \
             that is being saved, {ROOM} in the channel, {WORKERS} that the workers hold. {} too \
             many wait. Is there room for more than {ROOM} in the channel, or do images wait \
             elsewhere?",
            full.saturating_sub(FULL),
        )
    };
    (full <= FULL, message)
}

fn has_room(full: usize) -> Expectation {
    let message = format!(
        "While the first look-up was held, {full} images were requested instead of {FULL}: the \
         workers wait too early, with room for {} instead of {ROOM}. (The worker's own image is \
         not in the channel. With room for 0, a worker waits until the other thread takes its \
         image.)",
        (full + ROOM).saturating_sub(FULL),
    );
    (full >= FULL, message)
}

fn looks_again(source: &Source) -> Expectation {
    let line = source.waits_once();
    let message = format!(
        "Line {} of your submission waits for a notification under an `if`. When the thread has woken, \
         another worker may have taken the room already, and then one image too many waits. The server \
         does not see it in every run. Look again after each wait: `while`, or `wait_while`.",
        line.unwrap_or_default()
    );
    (line.is_none(), message)
}

fn waits_asleep(slept: bool) -> Expectation {
    let message = "While the first look-up was held, nothing could be done, and your program kept \
                   trying: a thread woke up again and again, or never slept. `send` puts a worker to \
                   sleep until there is room, and costs nothing meanwhile.";
    (slept, message.into())
}

fn goes_on(stall: Option<(usize, usize, usize)>) -> Expectation {
    let (done, expected, now) = stall.unwrap_or_default();
    let message = format!(
        "After look-up {done}, {now} downloads had been requested instead of {expected}. Each \
         image that is taken from the channel makes room for one more: exactly one worker can go on."
    );
    (stall.is_none(), message)
}
