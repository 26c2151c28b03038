//! Task 11: the server's log shows when each image was requested again.
//!
//! In the first run the server refuses all but eight of the requests with a `Retry-After` that is drawn
//! for each, and then recovers. In two more runs, at the same time, it is down. The check judges the
//! times between requests, because they are the subject of this task. A time counts only if the program
//! can't have been late by much; runs are repeated until enough times do.

#[path = "check/expectations.rs"]
mod expectations;
#[path = "check/measured.rs"]
mod measured;
#[path = "check/statistics.rs"]
mod statistics;

use crate::judge::{
    Submission, Verdict, exits_with_failure, expect_all, requests_images, saved_all,
};
use expectations::{
    FIXED, MAX_ATTEMPTS, are_all, are_three, backs_off, blocks_no_task, differs_from_run_to_run,
    ends_soon, gives_up_at_once, returns_last_error, spreads_out, too_few, waits_long_enough,
};
use measured::{IMAGES, LIMIT, Measured};
use practice::Release;
use statistics::{MIN_COMPARED, are_alike, are_close, longest, mean, sorted, without_outliers};
use std::thread;
use std::time::Duration;

/// What the server sends as `Retry-After`, in seconds: as often one as the other.
const RETRY_AFTER: [u64; 2] = [1, 2];
/// Min spread of the retries. With jitter they spread over 500 ms, and over 250 ms if it's half as long
/// as it should be; without it they come nearly together.
const APART: Duration = Duration::from_millis(100);
/// On a busy machine, retries without jitter spread over more than [`APART`], but come back in the order
/// of the responses. With jitter, more than this share are in order in one of 1,000 cases.
const MAX_IN_ORDER: f64 = 0.85;
/// How often a run is repeated.
const MAX_RUNS: usize = 6;
/// The first status for each image at a server that is down. The later ones are [`measured::LAST_STATUS`].
const FIRST_STATUS: u16 = 502;
const TOO_BUSY: &str = "The times between the requests could not be measured, because your computer was \
                        too busy. Close other programs, and try again.";

pub fn check(submission: &Submission) -> Verdict {
    let first = busy(submission)?;
    let second = downs(submission)?;
    Ok(format!("{first} {second}"))
}

/// Runs at a busy server: it accepts eight requests, and refuses all others with a `Retry-After` of
/// one or two seconds.
fn busy(submission: &Submission) -> Verdict {
    let mut random = submission.random();
    let mut retry_after: Vec<u64> = RETRY_AFTER.into_iter().cycle().take(IMAGES - LIMIT).collect();
    random.shuffle(&mut retry_after);
    let mut punctual = Vec::new();
    for _ in 0..MAX_RUNS {
        let measured = Measured::run(submission, true, |index, _| {
            let refused = index.checked_sub(LIMIT)?;
            retry_after.get(refused).map(|seconds| Release::RetryAfter(*seconds))
        })?;
        if measured.at_the_gate <= LIMIT {
            requests_images(&measured.run, &measured.observed)?;
            return Err(too_few(measured.at_the_gate));
        }
        let back = measured.attempts.backoffs(0);
        punctual.extend(measured.punctual(0));
        expect_all([
            blocks_no_task(&measured.run, &back),
            waits_long_enough(&back, &sorted(punctual.iter().copied())),
        ])?;
        if is_enough(punctual.len(), back.len()) {
            let punctual = sorted(punctual.into_iter());
            let apart = without_outliers(&punctual);
            let is_apart = apart >= APART
                && (apart >= 3 * APART || measured.attempts.in_order() <= MAX_IN_ORDER);
            expect_all([spreads_out("busy", apart, is_apart)])?;
            if measured.run.code() != Some(0) {
                // Giving up too early loses images here, too; the other run shows why.
                down(submission, true)?;
            }
            measured.run.succeeded()?;
            expect_all([saved_all(&measured.run, &measured.server)])?;
            return Ok(format!(
                "{} tasks were refused, waited for the one or two seconds that the server asked for, \
                 and came back spread over {:.0?} more; all {IMAGES} images are saved.",
                back.len(),
                punctual[punctual.len() - 1].saturating_sub(punctual[0])
            ));
        }
    }
    Err(TOO_BUSY.into())
}

/// Pairs of runs at a server that is down. The backoffs of the two must differ, too.
fn downs(submission: &Submission) -> Verdict {
    let mut punctual = [Vec::new(), Vec::new()];
    let (mut times, mut alike) = (None, Vec::new());
    for _ in 0..MAX_RUNS {
        let (first, second) = thread::scope(|scope| {
            let second = scope.spawn(|| down(submission, false));
            (down(submission, true), second.join().expect("no run panics"))
        });
        let pair = [first?, second?];
        let all = pair.iter().map(|measured| measured.attempts.backoffs(0).len()).sum();
        for (round, punctual) in punctual.iter_mut().enumerate() {
            punctual.extend(pair.iter().flat_map(|measured| measured.punctual(round)));
        }
        if times.is_none() && punctual.iter().all(|punctual| is_enough(punctual.len(), all)) {
            let in_order = pair[0].attempts.in_order().min(pair[1].attempts.in_order());
            times = Some(are_as_asked(&punctual, in_order)?);
        }
        let returns_last_error = returns_last_error(&pair[1].run);
        let differences = pair[0].differences(&pair[1]);
        let [first, second] = pair.map(|measured| sorted(measured.punctual(0)));
        if differences.len() >= MIN_COMPARED {
            alike.push(are_alike(&first, &second) || are_close(&differences));
        }
        // Once can be chance, and three times can't.
        let differ = alike.len() < 3 || alike.contains(&false);
        expect_all([differs_from_run_to_run(differ)])?;
        if let Some(times) = times.take_if(|_| alike.contains(&false)) {
            expect_all([returns_last_error])?;
            return Ok(times);
        }
    }
    Err(TOO_BUSY.into())
}

/// Judges the backoffs of both rounds, and the share of images that came back in order.
fn are_as_asked(rounds: &[Vec<Duration>; 2], in_order: f64) -> Verdict {
    let rounds = rounds.each_ref().map(|backoffs| sorted(backoffs.iter().copied()));
    let apart = rounds.each_ref().map(|backoffs| without_outliers(backoffs));
    let means = rounds.each_ref().map(|backoffs| mean(backoffs));
    let differ = (0..2).all(|round| apart[round] >= means[round].mul_f64(0.2))
        && (apart[0] >= 3 * APART || in_order <= MAX_IN_ORDER);
    let is_wide = (0..2).all(|round| longest(&rounds[round]) >= FIXED[round].mul_f64(1.65));
    expect_all([
        spreads_out("down", apart[0].min(apart[1]), differ),
        backs_off(&rounds, means, is_wide),
    ])?;
    Ok(format!(
        "When the server was down, each image was requested {MAX_ATTEMPTS} times, with backoffs of \
         {:.1?} and {:.1?} on average, which differed from image to image.",
        means[0], means[1],
    ))
}

/// A run at a server that is down: 502 to the first request for an image and 503 to the others, without
/// `Retry-After`. With `one_is_gone`, the status for one image is 404, and it's left out of the result.
fn down(submission: &Submission, one_is_gone: bool) -> Result<Measured, String> {
    let gone = one_is_gone.then(|| submission.random().usize(..IMAGES));
    let mut target = String::new();
    let mut measured = Measured::run(submission, false, |index, held| {
        if Some(index) != gone {
            return Some(Release::Status(FIRST_STATUS));
        }
        target = format!("/{}", held.name);
        Some(Release::Status(404))
    })?;
    let gone_requests = measured.attempts.0.remove(&target).map_or(0, |gone| gone.arrived.len());
    let attempts = &measured.attempts;
    let last = attempts.0.values().filter_map(|image| image.sent.get(2)).max().copied();
    expect_all([
        are_all(attempts, measured.run.was_stopped()),
        are_three(attempts, measured.run.was_stopped()),
        gives_up_at_once(gone_requests),
        ends_soon(last.map_or(Duration::ZERO, |last| measured.went_on_after(last))),
    ])?;
    measured.run.ended()?;
    expect_all([exits_with_failure(&measured.run, "no image could be downloaded")])?;
    Ok(measured)
}

/// Whether so many backoffs suffice: nearly as many as a run without disturbances has.
fn is_enough(punctual: usize, all: usize) -> bool {
    4 * punctual >= 3 * all
}
