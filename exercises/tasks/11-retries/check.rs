//! Task 11: the server's log shows when each image was requested again.
//!
//! In the first run the server accepts eight requests, refuses all others with a `Retry-After` that
//! is drawn for each, and then recovers. In two more runs, at the same time, it is down. The check
//! judges the times between requests, because they are the subject of this task. A machine that stalls for half a
//! second can look like jitter, or hide it, so a run is repeated once if its verdict depends on
//! such times.

use crate::judge::{
    Expectation, Run, Submission, Verdict, drawn, exits_with_failure, expect_all, hold, images,
    requests_images, saved_all, serve,
};
use practice::{Observed, Release};
use std::collections::HashMap;
use std::thread;
use std::time::Duration;

const IMAGES: usize = 40;
const LIMIT: usize = 8;
const MAX_ATTEMPTS: usize = 3;
/// The longest `Retry-After` that the server sends, in seconds. It is drawn for each image.
const MAX_RETRY_AFTER: u64 = 2;
/// The fixed parts of the first and the second backoff.
const FIXED: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];
/// Min spread of the retries. With jitter they spread over 500 ms; without it they come nearly
/// together.
const APART: Duration = Duration::from_millis(150);
/// Two backoffs that differ by less are the same.
const SAME: Duration = Duration::from_millis(12);
/// Timeout of a run. A correct one takes two or three seconds.
const TIMEOUT: Duration = Duration::from_secs(9);
/// A run ends this long after its last attempt at the latest. Another backoff would take two seconds.
const END_TIMEOUT: Duration = Duration::from_millis(1_200);

/// A verdict, and whether a stall of the machine can have caused it.
type Doubtful = (Verdict, bool);

pub fn check(submission: &Submission) -> Verdict {
    let first = twice(|| busy(submission))?;
    let second = twice(|| downs(submission))?;
    Ok(format!("{first} {second}"))
}

/// The verdict of a run, or that of a second one if the first is doubtful. There is no time for
/// more.
fn twice(run: impl Fn() -> Result<Doubtful, String>) -> Verdict {
    let (verdict, is_doubtful) = run()?;
    if is_doubtful { run()?.0 } else { verdict }
}

/// A run at a busy server: it accepts the first eight requests, and refuses all others with a
/// `Retry-After` of one or two seconds.
fn busy(submission: &Submission) -> Result<Doubtful, String> {
    let server = serve(&drawn(submission, IMAGES..=IMAGES))?;
    let mut running = submission.start(&server)?;
    let at_the_gate = hold(&mut running, &server, IMAGES);
    if at_the_gate <= LIMIT {
        server.release_all(Release::Image);
        requests_images(&running.wait_for(Duration::ZERO)?, &server.observed())?;
        return Err(too_few(at_the_gate));
    }
    let mut random = submission.random();
    let mut retry_after = HashMap::new();
    let released = server.now();
    for (index, held) in server.held().into_iter().enumerate() {
        let seconds = random.u64(1..=MAX_RETRY_AFTER);
        if index >= LIMIT {
            server.release(held.id, Release::RetryAfter(seconds));
            retry_after.insert(format!("/{}", held.name), Duration::from_secs(seconds));
        }
    }
    server.release_all(Release::Image);
    let run = running.wait_for(TIMEOUT)?;
    let attempts = Attempts::seen(&server.observed(), released, &retry_after);
    let back = attempts.backoffs(0);
    expect_all([blocks_no_task(&run, back.len()), waits_long_enough(&back)])?;

    // A slow client reads its refusals late, so its backoffs differ although its retries arrive
    // together. The smaller spread of the two counts.
    let retries = attempts.arrivals(1);
    let apart = without_outliers(&back).min(without_outliers(&retries));
    let stall =
        retries.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap_or_default();
    let spread = expect_all([spreads_out("busy", apart, apart >= APART)]);
    if spread.is_err() {
        return Ok((spread.map(|()| String::new()), true));
    }
    if run.code() != Some(0) {
        // Giving up too early loses images here, too; the other run shows why.
        twice(|| Ok(down(submission)?.0))?;
    }
    run.succeeded()?;
    expect_all([saved_all(&run, &server)])?;
    let observed = format!(
        "{} tasks were refused, waited for the one or two seconds that the server asked for, and \
         came back spread over {:.0?} more; all {IMAGES} images are saved.",
        back.len(),
        back[back.len() - 1].saturating_sub(back[0])
    );
    Ok((Ok(observed), apart < APART + stall))
}

/// Two runs at a server that is down. Their backoffs must differ, too.
fn downs(submission: &Submission) -> Result<Doubtful, String> {
    let (first, second) = thread::scope(|scope| {
        let second = scope.spawn(|| down(submission));
        (down(submission), second.join().expect("no run panics"))
    });
    let ((verdict, is_doubtful), backoffs) = first?;
    let (_, others) = second?;
    let same = backoffs.iter().zip(&others).filter(|(a, b)| a.abs_diff(**b) < SAME).count();
    let message = format!(
        "In two runs at a server that is down, {same} of {} backoffs were the same. A random part that \
         is made from the index of the image, or with a fixed seed, is the same for every client, and \
         then they come back together. What makes your random numbers differ from run to run?",
        backoffs.len()
    );
    let differ = (verdict.is_err() || same * 10 < backoffs.len() * 8, message);
    if let (Ok(_), Err(message)) = (&verdict, expect_all([differ])) {
        return Ok((Err(message), true));
    }
    Ok((verdict, is_doubtful))
}

/// A run at a server that is down: 503 to every image request, without `Retry-After`, but 404 to one
/// of them. Also returns the first backoffs.
fn down(submission: &Submission) -> Result<(Doubtful, Vec<Duration>), String> {
    let server = serve(&drawn(submission, IMAGES..=IMAGES))?;
    let mut running = submission.start(&server)?;
    hold(&mut running, &server, IMAGES);
    let names = server.names();
    let gone = &names[submission.random().usize(..IMAGES)];
    for held in server.held().iter().filter(|held| held.name == *gone) {
        server.release(held.id, Release::Status(404));
    }
    let released = server.now();
    server.release_all(Release::Status(503));
    let run = running.wait_for(TIMEOUT)?;
    let ended = server.now();
    let mut observed = server.observed();
    let is_gone = |target: &str| target.ends_with(gone.as_str());
    let gone_requests = images(&observed).filter(|seen| is_gone(&seen.target)).count();
    observed.log.retain(|seen| !is_gone(&seen.target));
    let attempts = Attempts::seen(&observed, released, &HashMap::new());
    let last = attempts.arrivals(2).last().copied();
    expect_all([
        attempts.are_all(run.was_stopped()),
        attempts.are_three(run.was_stopped()),
        gives_up_at_once(gone_requests),
        ends_soon(last.map_or(Duration::ZERO, |last| ended.saturating_sub(last))),
    ])?;
    run.ended()?;
    expect_all([exits_with_failure(&run, "no image could be downloaded")])?;

    let rounds = [0, 1].map(|round| attempts.backoffs(round));
    let apart = rounds.each_ref().map(|backoffs| without_outliers(backoffs));
    let means = rounds.each_ref().map(|backoffs| mean(backoffs));
    let differ = (0..2).all(|round| apart[round] >= means[round].mul_f64(0.2));
    let is_wide = (0..2).all(|round| longest(&rounds[round]) >= FIXED[round].mul_f64(1.7));
    let times = expect_all([
        spreads_out("down", apart[0].min(apart[1]), differ),
        backs_off(&rounds, means, is_wide),
    ]);
    let is_doubtful = times.is_err();
    let observed = || {
        format!(
            "When the server was down, each image was requested {MAX_ATTEMPTS} times, with \
             backoffs of {:.1?} and {:.1?} on average, which differed from image to image.",
            means[0], means[1],
        )
    };
    let verdict = times.map(|()| observed());
    Ok(((verdict, is_doubtful), rounds[0].clone()))
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

fn blocks_no_task(run: &Run, back: usize) -> Expectation {
    let message = format!(
        "After {TIMEOUT:?} your program was still running, and only {back} of {} refused images \
         had been requested again. It looks as if the tasks sleep one after the other: \
         `std::thread::sleep` stops the thread, and all tasks that run on it. How does a task \
         sleep?",
        IMAGES - LIMIT,
    );
    (!run.was_stopped() || back >= IMAGES / 2, message)
}

fn waits_long_enough(back: &[Duration]) -> Expectation {
    let shortest = back.first().copied().unwrap_or_default();
    let message = format!(
        "The server responded with 429, and a `Retry-After` of 1 or 2 seconds. {} images were \
         requested again, one of them {shortest:.1?} after that time. A backoff has three parts: \
         what the server asks for, which differs, the fixed 500 ms, and the random part. Which one \
         is missing? (The error contains `retry_after`.)",
        back.len(),
    );
    (shortest >= FIXED[0].mul_f64(0.95), message)
}

fn spreads_out(state: &str, apart: Duration, is_met: bool) -> Expectation {
    let message = format!(
        "The server was {state}, and nearly all tasks came back at the same moment, within \
         {apart:.0?}. The same crowd overloads it again. What makes the backoffs differ, whether \
         the server asks for a time or not?"
    );
    (is_met, message)
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

/// For each image, when it was requested.
struct Attempts(Vec<Vec<Duration>>);

impl Attempts {
    /// The attempts, less the server's `Retry-After`, which is given by path. The first ones were
    /// held until `released`.
    fn seen(
        observed: &Observed,
        released: Duration,
        retry_after: &HashMap<String, Duration>,
    ) -> Self {
        let mut attempts: HashMap<&str, Vec<Duration>> = HashMap::new();
        for seen in images(observed) {
            let all = attempts.entry(&seen.target).or_default();
            let after = retry_after.get(&seen.target).filter(|_| !all.is_empty());
            let after = after.copied().unwrap_or_default();
            // The first backoff begins with the first response, which was held back.
            let held = seen.finished.unwrap_or(released).max(released);
            let from = if all.is_empty() { held } else { Duration::ZERO };
            all.push(seen.arrived.max(from).saturating_sub(after));
        }
        Self(attempts.into_values().collect())
    }

    /// When the attempts with this index came, in order.
    fn arrivals(&self, index: usize) -> Vec<Duration> {
        sorted(self.0.iter().filter_map(|attempts| attempts.get(index).copied()))
    }

    /// The times between the attempts with this index and the next ones, in order.
    fn backoffs(&self, index: usize) -> Vec<Duration> {
        let backoff = |attempts: &Vec<Duration>| {
            attempts.get(index + 1).map(|next| next.saturating_sub(attempts[index]))
        };
        sorted(self.0.iter().filter_map(backoff))
    }

    /// No image is aborted because another one has failed.
    fn are_all(&self, was_stopped: bool) -> Expectation {
        let few = self.0.iter().filter(|attempts| attempts.len() < MAX_ATTEMPTS).count();
        let full = self.0.len() - few;
        let message = format!(
            "Your program ended when the first image had failed for good: {few} of {} images had not \
             had their {MAX_ATTEMPTS} attempts. A `?` in the loop of `join_next` returns from `main`, \
             and the other tasks are aborted. Wait for all of them before you return an error.",
            self.0.len()
        );
        let is_aborted = few > 0 && (full > 0 || self.0.iter().all(|attempts| attempts.len() == 1));
        (was_stopped || !is_aborted, message)
    }

    /// Each image is requested three times. A run that was stopped may have made fewer attempts.
    fn are_three(&self, was_stopped: bool) -> Expectation {
        let lengths = || self.0.iter().map(Vec::len);
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

/// The longest but two. Of forty backoffs, three are nearly as long as they may be.
fn longest(sorted: &[Duration]) -> Duration {
    sorted.iter().rev().nth(2).copied().unwrap_or_default()
}

/// The difference between the shortest and the longest, without the two longest: a few may be late.
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
