//! What is expected of a submission, and the messages that refuse it.

use super::measured::{Attempts, IMAGES, LAST_STATUS, LIMIT};
use super::statistics::spread;
use crate::judge::{Expectation, Run, shown};
use std::time::Duration;

pub const MAX_ATTEMPTS: usize = 3;
/// The fixed parts of the first and the second backoff.
pub const FIXED: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];
/// Half of the tasks come back earlier, on a busy machine too: 32 of them would sleep for a minute one
/// after the other.
const MAX_BACKOFF: Duration = Duration::from_secs(5);
/// A run ends this long after its last attempt at the latest. Another backoff would take two seconds.
const END_TIMEOUT: Duration = Duration::from_millis(1_800);

/// No image is aborted because another one has failed.
pub fn are_all(attempts: &Attempts, was_stopped: bool) -> Expectation {
    let few = attempts.0.values().filter(|image| image.arrived.len() < MAX_ATTEMPTS).count();
    let full = attempts.0.len() - few;
    let message = format!(
        "Your program ended when the first image had failed for good: {few} of {} images had not \
         had their {MAX_ATTEMPTS} attempts. A `?` in the loop of `join_next` returns from `main`, \
         and the other tasks are aborted. Wait for all of them before you return an error.",
        attempts.0.len()
    );
    let is_aborted =
        few > 0 && (full > 0 || attempts.0.values().any(|image| image.arrived.len() == 1));
    (was_stopped || !is_aborted, message)
}

/// Each image is requested three times. A run that was stopped may have made fewer attempts.
pub fn are_three(attempts: &Attempts, was_stopped: bool) -> Expectation {
    let lengths = || attempts.0.values().map(|image| image.arrived.len());
    let [min, max] = [lengths().min(), lengths().max()].map(Option::unwrap_or_default);
    let message = format!(
        "At a server that is down, the images were requested {min} to {max} times; each should \
         be requested {MAX_ATTEMPTS} times. The first attempt counts, and so does the one \
         after the last backoff. A client that never gives up doesn't report what is wrong. \
         What counts the attempts?"
    );
    (max <= MAX_ATTEMPTS && (min == MAX_ATTEMPTS || was_stopped), message)
}

/// 404 says that the image isn't there; a retry can't help.
pub fn gives_up_at_once(requests: usize) -> Expectation {
    let message = format!(
        "The server responded with 404 for one image, and your program requested it {requests} \
         times. A retry can't help where the image doesn't exist. Which errors are transient? \
         (`is_transient` knows.)"
    );
    (requests <= 1, message)
}

pub fn ends_soon(after: Duration) -> Expectation {
    let message = format!(
        "After the last attempt your program went on for {after:.1?}. It looks as if it waits once \
         more, for an attempt that doesn't come. Where is the last one of the loop?"
    );
    (after <= END_TIMEOUT, message)
}

/// No image was gone, so the program must end with the status of a last attempt.
pub fn returns_last_error(run: &Run) -> Expectation {
    let status = LAST_STATUS.to_string();
    let mut words = run.stderr.split(|it: char| !it.is_alphanumeric());
    let message = format!(
        "The server's last response for each image was {status}, but your program didn't print this status \
         on stderr. The last line there: {}. If all it says is \"gave up\", you can't tell why. After \
         its last attempt, a task should return the error from `download`, and `main` should return one of \
         these errors.",
        shown(run.stderr.lines().last().unwrap_or("nothing")),
    );
    (words.any(|word| word == status), message)
}

pub fn too_few(at_the_gate: usize) -> String {
    format!(
        "Before the first response, {at_the_gate} of {IMAGES} requests came. The server accepts \
         {LIMIT}, so it refused none. Limiting yourself is task 7; here all images should be \
         requested at the same time, as in the starter."
    )
}

pub fn blocks_no_task(run: &Run, back: &[Duration]) -> Expectation {
    let half = back.get(back.len() / 2).copied().unwrap_or_default();
    let message = format!(
        "{} of {} refused images were requested again, half of them {:.0} s or more after the time that \
         the server asked for. It looks as if the tasks sleep one after the other: \
         `std::thread::sleep` stops the thread, and all tasks that run on it. How does a task sleep?",
        back.len(),
        IMAGES - LIMIT,
        half.as_secs_f64(),
    );
    let is_stuck = run.was_stopped() && back.len() < IMAGES / 2;
    (!is_stuck && half < MAX_BACKOFF, message)
}

pub fn waits_long_enough(back: &[Duration], punctual: &[Duration]) -> Expectation {
    let min = FIXED[0].mul_f64(0.95);
    let shortest = back.first().copied().unwrap_or_default();
    // Half of them were asked to wait one second less than the others.
    let longest = punctual.iter().rev().nth(punctual.len() / 4).copied().unwrap_or_default();
    let message = format!(
        "The server responded with 429, and a `Retry-After` of 1 or 2 seconds. {} images were requested \
         again, the first ones {:.1} s after that time, and many after {:.1} s; it should be 0.5 s to \
         1 s. A backoff has three parts: what the server asks for, which differs, the fixed 500 ms, and \
         the random part. {} (The error contains `retry_after`.)",
        back.len(),
        shortest.as_secs_f64(),
        longest.max(shortest).as_secs_f64(),
        if shortest < min { "Which one is missing?" } else { "Which one is too long?" },
    );
    (shortest >= min && longest <= FIXED[0].mul_f64(2.9), message)
}

pub fn spreads_out(state: &str, apart: Duration, is_met: bool) -> Expectation {
    let message = format!(
        "The server was {state}, and nearly all tasks came back at the same moment, within \
         {apart:.0?}. The same crowd overloads it again. What makes the backoffs differ, whether \
         the server asks for a time or not?"
    );
    (is_met, message)
}

pub fn differs_from_run_to_run(is_met: bool) -> Expectation {
    let message = "In two runs at a server that is down, the backoffs were the same. A random part that is \
                   made from the index of the image, or with a fixed seed, is the same for every client, \
                   and then they come back together. What makes your random numbers differ from run to \
                   run?";
    (is_met, message.into())
}

/// The backoffs double, and so do their random parts. The shortest backoff is close to the fixed
/// part, because of forty random parts, one is nearly zero.
pub fn backs_off(rounds: &[Vec<Duration>; 2], means: [Duration; 2], is_wide: bool) -> Expectation {
    let range = |backoffs: &[Duration]| {
        let [first, last] =
            [backoffs.first(), backoffs.last()].map(|it| it.copied().unwrap_or_default());
        format!("{:.1} s to {:.1} s", first.as_secs_f64(), last.as_secs_f64())
    };
    let message = format!(
        "At a server that is down, the backoffs were {} before the second attempt, and {} before \
         the third. They should be 0.5 s to 1 s, and then 1 s to 2 s: the fixed part doubles with \
         each attempt, and the random part is between nothing and as long as the fixed part.",
        range(&rounds[0]),
        range(&rounds[1]),
    );
    let doubles = means[1] >= means[0].mul_f64(1.4);
    let random_part_doubles = spread(&rounds[1]) >= spread(&rounds[0]).mul_f64(1.2);
    let begin_at_fixed_part = rounds.iter().zip(FIXED).all(|(backoffs, fixed)| {
        let shortest = backoffs.first().copied().unwrap_or_default();
        shortest >= fixed.mul_f64(0.95) && shortest <= fixed.mul_f64(1.4)
    });
    (doubles && random_part_doubles && begin_at_fixed_part && is_wide, message)
}
