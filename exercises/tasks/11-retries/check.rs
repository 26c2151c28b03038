//! Task 11: the server's log shows when each image was requested again.
//!
//! In the first run the server refuses all but eight of the requests with a `Retry-After` that is drawn
//! for each, and then recovers. In two more runs, at the same time, it is down. The check judges the
//! times between requests, because they are the subject of this task. A time counts only if neither the
//! program nor the judge can have been late; runs are repeated until enough times do.

use crate::judge::{
    Expectation, Run, Running, Stalls, Submission, Timeout, Verdict, drawn, exits_with_failure,
    expect_all, hold, images, requests_images, saved_all, serve,
};
use practice::{Held, Observed, Release, Server};
use std::collections::HashMap;
use std::thread;
use std::time::Duration;

const IMAGES: usize = 40;
const LIMIT: usize = 8;
const MAX_ATTEMPTS: usize = 3;
/// What the server sends as `Retry-After`, in seconds: as often one as the other.
const RETRY_AFTER: [u64; 2] = [1, 2];
/// The fixed parts of the first and the second backoff.
const FIXED: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];
/// Min spread of the retries. With jitter they spread over 500 ms; without it they come nearly
/// together.
const APART: Duration = Duration::from_millis(150);
/// A backoff counts if what began and ended it was late by no more than this.
const MAX_LATE: Duration = Duration::from_millis(200);
/// Two samples of the same distribution differ by more in 99 of 100 cases: the greatest difference
/// between the shares of shorter backoffs, for 39 of each.
const ALIKE: f64 = 0.09;
/// Half of the tasks come back earlier, on a busy machine too: 32 of them would sleep for a minute one
/// after the other.
const MAX_BACKOFF: Duration = Duration::from_secs(5);
/// How often a run is repeated.
const MAX_RUNS: usize = 6;
/// The time between two responses.
const INTERVAL: Duration = Duration::from_millis(3);
/// Timeout of a run. A correct one takes three or four seconds.
const TIMEOUT: Duration = Duration::from_secs(9);
/// A run ends this long after its last attempt at the latest. Another backoff would take two seconds.
const END_TIMEOUT: Duration = Duration::from_millis(1_800);
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
            expect_all([spreads_out("busy", apart, apart >= APART)])?;
            if measured.run.code() != Some(0) {
                // Giving up too early loses images here, too; the other run shows why.
                down(submission)?;
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
    let (mut times, mut are_alike) = (None, Vec::new());
    for _ in 0..MAX_RUNS {
        let (first, second) = thread::scope(|scope| {
            let second = scope.spawn(|| down(submission));
            (down(submission), second.join().expect("no run panics"))
        });
        let pair = [first?, second?];
        let all = pair.iter().map(|measured| measured.attempts.backoffs(0).len()).sum();
        for (round, punctual) in punctual.iter_mut().enumerate() {
            punctual.extend(pair.iter().flat_map(|measured| measured.punctual(round)));
        }
        if times.is_none() && punctual.iter().all(|punctual| is_enough(punctual.len(), all)) {
            times = Some(are_as_asked(&punctual)?);
        }
        let [first, second] = pair.map(|measured| sorted(measured.punctual(0)));
        if first.len().min(second.len()) + 3 >= all / 2 {
            are_alike.push(difference(&first, &second) < ALIKE);
        }
        // Once can be chance, and three times can't.
        let differ = are_alike.len() < 3 || are_alike.contains(&false);
        expect_all([differs_from_run_to_run(differ)])?;
        if let Some(times) = times.take_if(|_| are_alike.contains(&false)) {
            return Ok(times);
        }
    }
    Err(TOO_BUSY.into())
}

/// Judges the backoffs of both rounds.
fn are_as_asked(rounds: &[Vec<Duration>; 2]) -> Verdict {
    let rounds = rounds.each_ref().map(|backoffs| sorted(backoffs.iter().copied()));
    let apart = rounds.each_ref().map(|backoffs| without_outliers(backoffs));
    let means = rounds.each_ref().map(|backoffs| mean(backoffs));
    let differ = (0..2).all(|round| apart[round] >= means[round].mul_f64(0.2));
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

/// A run at a server that is down: 503 to every image request, without `Retry-After`, but 404 to one
/// of them, which is left out of the result.
fn down(submission: &Submission) -> Result<Measured, String> {
    let gone = submission.random().usize(..IMAGES);
    let mut target = String::new();
    let mut measured = Measured::run(submission, false, |index, held| {
        if index != gone {
            return Some(Release::Status(503));
        }
        target = format!("/{}", held.name);
        Some(Release::Status(404))
    })?;
    let gone_requests = measured.attempts.0.remove(&target).map_or(0, |gone| gone.arrived.len());
    let attempts = &measured.attempts;
    let last = attempts.0.values().filter_map(|image| image.sent.get(2)).max().copied();
    expect_all([
        attempts.are_all(measured.run.was_stopped()),
        attempts.are_three(measured.run.was_stopped()),
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

/// 404 says that the image isn't there; a retry can't help.
fn gives_up_at_once(requests: usize) -> Expectation {
    let message = format!(
        "The server responded with 404 for one image, and your program requested it {requests} \
         times. A retry can't help where the image doesn't exist. Which errors are transient? \
         (`is_transient` knows.)"
    );
    (requests <= 1, message)
}

fn ends_soon(after: Duration) -> Expectation {
    let message = format!(
        "After the last attempt your program went on for {after:.1?}. It looks as if it waits once \
         more, for an attempt that doesn't come. Where is the last one of the loop?"
    );
    (after <= END_TIMEOUT, message)
}

fn too_few(at_the_gate: usize) -> String {
    format!(
        "Before the first response, {at_the_gate} of {IMAGES} requests came. The server accepts \
         {LIMIT}, so it refused none. Limiting yourself is task 7; here all images should be \
         requested at the same time, as in the starter."
    )
}

fn blocks_no_task(run: &Run, back: &[Duration]) -> Expectation {
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

fn waits_long_enough(back: &[Duration], punctual: &[Duration]) -> Expectation {
    let shortest = back.first().copied().unwrap_or_default();
    // Half of them were asked to wait one second less than the others.
    let longest = punctual.iter().rev().nth(punctual.len() / 4).copied().unwrap_or_default();
    let message = format!(
        "The server responded with 429, and a `Retry-After` of 1 or 2 seconds. {} images were requested \
         again, the first ones {:.1} s after that time, and many after {:.1} s; it should be 0.5 s to \
         1 s. A backoff has three parts: what the server asks for, which differs, the fixed 500 ms, and \
         the random part. Which \
         one is missing? (The error contains `retry_after`.)",
        back.len(),
        shortest.as_secs_f64(),
        longest.max(shortest).as_secs_f64(),
    );
    let fixed = FIXED[0];
    (shortest >= fixed.mul_f64(0.95) && longest <= fixed.mul_f64(2.4), message)
}

fn spreads_out(state: &str, apart: Duration, is_met: bool) -> Expectation {
    let message = format!(
        "The server was {state}, and nearly all tasks came back at the same moment, within \
         {apart:.0?}. The same crowd overloads it again. What makes the backoffs differ, whether \
         the server asks for a time or not?"
    );
    (is_met, message)
}

fn differs_from_run_to_run(is_met: bool) -> Expectation {
    let message = "In two runs at a server that is down, the backoffs were the same. A random part that is \
                   made from the index of the image, or with a fixed seed, is the same for every client, \
                   and then they come back together. What makes your random numbers differ from run to \
                   run?";
    (is_met, message.into())
}

/// The backoffs double, and so do their random parts. The shortest backoff is close to the fixed
/// part, because of forty random parts, one is nearly zero.
fn backs_off(rounds: &[Vec<Duration>; 2], means: [Duration; 2], is_wide: bool) -> Expectation {
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
    let random_part_doubles = spread(&rounds[1]) >= spread(&rounds[0]).mul_f64(1.5);
    let begin_at_fixed_part = rounds.iter().zip(FIXED).all(|(backoffs, fixed)| {
        let shortest = backoffs.first().copied().unwrap_or_default();
        shortest >= fixed.mul_f64(0.95) && shortest <= fixed.mul_f64(1.4)
    });
    (doubles && random_part_doubles && begin_at_fixed_part && is_wide, message)
}

/// A run with the times of its requests.
struct Measured {
    /// Requests that came before the first response.
    at_the_gate: usize,
    attempts: Attempts,
    stalls: Stalls,
    /// When it had ended.
    ended: Duration,
    run: Run,
    observed: Observed,
    server: Server,
}

impl Measured {
    /// Runs a submission at a server that holds each image's first request until all have come. Then
    /// `respond` chooses the responses, and the server is busy, or down.
    ///
    /// One after another: a program that has much to do at once is late.
    fn run(
        submission: &Submission,
        is_busy: bool,
        mut respond: impl FnMut(usize, &Held) -> Option<Release>,
    ) -> Result<Self, String> {
        let server = serve(&drawn(submission, IMAGES..=IMAGES))?;
        let mut running = submission.start(&server)?;
        let at_the_gate = hold(&mut running, &server, IMAGES);
        let mut stalls = Stalls::new(&running, &server);
        let mut responses = HashMap::new();
        for (index, held) in server.held().iter().enumerate() {
            if let Some(release) = respond(index, held) {
                let _ = responses.insert(format!("/{}", held.name), (server.now(), release));
                server.release(held.id, release);
                stalls.look(&running, &server);
                thread::sleep(INTERVAL);
            }
        }
        let mut timeout = Timeout::new(TIMEOUT);
        let mut wait = |running: &mut Running, until: &dyn Fn() -> bool| {
            while !until() && !running.has_ended() && !timeout.is_over(running, false) {
                stalls.look(running, &server);
            }
        };
        if is_busy && at_the_gate > LIMIT {
            // Saving an image keeps the thread of all tasks, which would be late.
            let all = at_the_gate + responses.len();
            wait(&mut running, &|| images(&server.observed()).count() >= all);
        }
        server.release_all(if is_busy { Release::Image } else { Release::Status(503) });
        wait(&mut running, &|| false);
        let ended = server.now();
        let run = running.wait_for(Duration::ZERO)?;
        let observed = server.observed();
        let attempts = Attempts::seen(&observed, &responses);
        Ok(Self { at_the_gate, attempts, stalls, ended, run, observed, server })
    }

    /// The backoffs after the attempts with this index of which no end was late.
    fn punctual(&self, index: usize) -> impl Iterator<Item = Duration> {
        self.attempts.0.values().filter_map(move |image| {
            let (next, sent) = (*image.arrived.get(index + 1)?, image.sent[index]);
            let late = sent.saturating_sub(image.responded(index)) + self.stalls.after(sent);
            let late = late.max(self.stalls.before(next));
            image.backoff(index).filter(|_| late <= MAX_LATE)
        })
    }

    /// How long the program went on after this time, less what it may have been late.
    fn went_on_after(&self, time: Duration) -> Duration {
        self.ended.saturating_sub(time).saturating_sub(self.stalls.since(time))
    }
}

/// The requests for an image.
#[derive(Default)]
struct Requests {
    arrived: Vec<Duration>,
    /// When the server had sent the responses.
    sent: Vec<Duration>,
    /// When the first one had its response, and the `Retry-After` in it.
    response: Option<(Duration, Duration)>,
}

impl Requests {
    /// When the request with this index had its response: all but the first ones had it at once.
    fn responded(&self, index: usize) -> Duration {
        let response = self.response.filter(|_| index == 0);
        response.map_or(self.arrived[index], |(time, _)| time)
    }

    /// The time from the response to the request with this index to the next request, less what the
    /// server asked for.
    fn backoff(&self, index: usize) -> Option<Duration> {
        let next = self.arrived.get(index + 1)?;
        let retry_after = self.response.filter(|_| index == 0).unwrap_or_default().1;
        Some(next.saturating_sub(self.responded(index) + retry_after))
    }
}

/// The requests for each image, by path.
struct Attempts(HashMap<String, Requests>);

impl Attempts {
    fn seen(observed: &Observed, responses: &HashMap<String, (Duration, Release)>) -> Self {
        let mut attempts: HashMap<String, Requests> = HashMap::new();
        for seen in images(observed) {
            let requests = attempts.entry(seen.target.clone()).or_default();
            requests.arrived.push(seen.arrived);
            requests.sent.push(seen.finished.unwrap_or(seen.arrived));
            requests.response = responses.get(&seen.target).map(|(time, release)| match release {
                Release::RetryAfter(seconds) => (*time, Duration::from_secs(*seconds)),
                _ => (*time, Duration::ZERO),
            });
        }
        Self(attempts)
    }

    /// The backoffs after the attempts with this index, in order.
    fn backoffs(&self, index: usize) -> Vec<Duration> {
        sorted(self.0.values().filter_map(|image| image.backoff(index)))
    }

    /// No image is aborted because another one has failed.
    fn are_all(&self, was_stopped: bool) -> Expectation {
        let few = self.0.values().filter(|image| image.arrived.len() < MAX_ATTEMPTS).count();
        let full = self.0.len() - few;
        let message = format!(
            "Your program ended when the first image had failed for good: {few} of {} images had not \
             had their {MAX_ATTEMPTS} attempts. A `?` in the loop of `join_next` returns from `main`, \
             and the other tasks are aborted. Wait for all of them before you return an error.",
            self.0.len()
        );
        let is_aborted =
            few > 0 && (full > 0 || self.0.values().all(|image| image.arrived.len() == 1));
        (was_stopped || !is_aborted, message)
    }

    /// Each image is requested three times. A run that was stopped may have made fewer attempts.
    fn are_three(&self, was_stopped: bool) -> Expectation {
        let lengths = || self.0.values().map(|image| image.arrived.len());
        let [min, max] = [lengths().min(), lengths().max()].map(Option::unwrap_or_default);
        let message = format!(
            "At a server that is down, the images were requested {min} to {max} times; each should \
             be requested {MAX_ATTEMPTS} times. The first attempt counts, and so does the one \
             after the last backoff. A client that never gives up doesn't report what is wrong. \
             What counts the attempts?"
        );
        (max <= MAX_ATTEMPTS && (min == MAX_ATTEMPTS || was_stopped), message)
    }
}

fn sorted(times: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times
}

fn mean(backoffs: &[Duration]) -> Duration {
    let count = backoffs.len().max(1);
    backoffs.iter().sum::<Duration>().div_f64(count as f64)
}

/// The longest without a tenth: on a busy machine, a few are late.
fn longest(sorted: &[Duration]) -> Duration {
    sorted.iter().rev().nth(sorted.len() / 10).copied().unwrap_or_default()
}

/// The difference between the shortest and the longest, without a tenth: a few may be late.
fn spread(sorted: &[Duration]) -> Duration {
    longest(sorted).saturating_sub(sorted.first().copied().unwrap_or_default())
}

/// The difference between the shortest and the longest, without a tenth at each end: on a busy
/// machine, a few are late.
fn without_outliers(sorted: &[Duration]) -> Duration {
    let tenth = sorted.len() / 10;
    let range = sorted.get(tenth).zip(sorted.iter().rev().nth(tenth));
    range.map_or(Duration::ZERO, |(short, long)| long.saturating_sub(*short))
}

/// The greatest difference between the shares of shorter backoffs in two sorted samples.
fn difference(first: &[Duration], second: &[Duration]) -> f64 {
    let share = |sorted: &[Duration], time| {
        sorted.partition_point(|backoff| backoff <= time) as f64 / sorted.len() as f64
    };
    let times = first.iter().chain(second);
    times.map(|time| (share(first, time) - share(second, time)).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fastrand::Rng;

    #[test]
    fn the_same_numbers_are_alike_and_others_are_not() {
        let backoffs = |seed, late: f64| {
            let (mut random, mut lateness) = (Rng::with_seed(seed), Rng::with_seed(!seed));
            let backoff = |_| 0.5 + 0.5 * random.f64() + late * lateness.f64();
            sorted((1..IMAGES).map(backoff).map(Duration::from_secs_f64))
        };
        let same = |seed: &u64| difference(&backoffs(*seed, 0.0), &backoffs(*seed, 0.005)) < ALIKE;
        assert!((0..100).filter(same).count() >= 95);
        let seeds = (0..1_000).filter(|seed| {
            difference(&backoffs(2 * seed, 0.01), &backoffs(2 * seed + 1, 0.01)) < ALIKE
        });
        assert!(seeds.count() <= 20);
    }
}
