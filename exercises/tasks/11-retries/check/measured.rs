//! One run at a server whose responses are chosen, and when each image was requested in it.

use super::statistics::sorted;
use crate::judge::{Run, Running, Stalls, Submission, Timeout, drawn, hold, images, serve};
use practice::{Held, Observed, Release, Server};
use std::collections::HashMap;
use std::thread;
use std::time::Duration;

/// Images in the album.
pub const IMAGES: usize = 40;
/// How many requests the busy server accepts.
pub const LIMIT: usize = 8;
/// A backoff counts if what began and ended it was late by no more than this.
const MAX_LATE: Duration = Duration::from_millis(200);
/// Two responses came together if no more than this is between them: a tenth of the random part.
const TOGETHER: Duration = Duration::from_millis(50);
/// The time between two responses.
const INTERVAL: Duration = Duration::from_millis(3);
/// The status for all requests but the first ones at a server that is down.
pub const LAST_STATUS: u16 = 503;
/// Timeout of a run. A correct one takes three or four seconds.
const TIMEOUT: Duration = Duration::from_secs(9);

/// A run with the times of its requests.
pub struct Measured {
    /// Requests that came before the first response.
    pub at_the_gate: usize,
    pub attempts: Attempts,
    stalls: Stalls,
    /// When it had ended.
    ended: Duration,
    pub run: Run,
    pub observed: Observed,
    pub server: Server,
}

impl Measured {
    /// Runs a submission at a server that holds each image's first request until all have come. Then
    /// `respond` chooses the responses, and the server is busy, or down.
    ///
    /// One after another: a program that has much to do at once is late.
    pub fn run(
        submission: &Submission,
        is_busy: bool,
        mut respond: impl FnMut(usize, &Held) -> Option<Release>,
    ) -> Result<Self, String> {
        let server = serve(&drawn(submission, IMAGES..=IMAGES))?;
        let mut running = submission.start(&server)?;
        let at_the_gate = hold(&mut running, &server, IMAGES);
        let mut stalls = Stalls::new(&running, &server);
        let mut responses = HashMap::new();
        let mut all = server.held();
        // The same order in each run: numbers from a fixed seed go to the same images.
        all.sort_by(|one, other| one.name.cmp(&other.name));
        for (index, held) in all.iter().enumerate() {
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
        server.release_all(if is_busy { Release::Image } else { Release::Status(LAST_STATUS) });
        wait(&mut running, &|| false);
        let ended = server.now();
        let run = running.wait_for(Duration::ZERO)?;
        let observed = server.observed();
        let attempts = Attempts::seen(&observed, &responses);
        Ok(Self { at_the_gate, attempts, stalls, ended, run, observed, server })
    }

    /// The backoffs after the attempts with this index of which no end was late.
    pub fn punctual(&self, index: usize) -> impl Iterator<Item = Duration> {
        self.attempts.0.values().filter_map(move |image| self.punctual_backoff(image, index))
    }

    fn punctual_backoff(&self, image: &Requests, index: usize) -> Option<Duration> {
        let (next, sent) = (*image.arrived.get(index + 1)?, image.sent[index]);
        let late = sent.saturating_sub(image.responded(index)) + self.stalls.after(sent);
        let late = late + self.stalls.before(next);
        image.backoff(index).filter(|_| late <= MAX_LATE)
    }

    /// The differences between an image's first backoff and that in another run, in order.
    pub fn differences(&self, other: &Self) -> Vec<Duration> {
        let difference = |(path, image): (&String, &Requests)| {
            let backoff = self.punctual_backoff(image, 0)?;
            let others = other.punctual_backoff(other.attempts.0.get(path)?, 0)?;
            Some(backoff.abs_diff(others))
        };
        sorted(self.attempts.0.iter().filter_map(difference))
    }

    /// How long the program went on after this time, less what it may have been late.
    pub fn went_on_after(&self, time: Duration) -> Duration {
        self.ended.saturating_sub(time).saturating_sub(self.stalls.since(time))
    }
}

/// The requests for an image.
#[derive(Default)]
pub struct Requests {
    pub arrived: Vec<Duration>,
    /// When the server had sent the responses.
    pub sent: Vec<Duration>,
    /// When the first one had its response, and the `Retry-After` in it.
    response: Option<(Duration, Duration)>,
}

impl Requests {
    /// The `Retry-After` in the first response, when that was sent, and when the next request came.
    fn first_wait(&self) -> Option<(Duration, Duration, Duration)> {
        let retry_after = self.response.unwrap_or_default().1;
        Some((retry_after, self.responded(0), *self.arrived.get(1)?))
    }

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
pub struct Attempts(pub HashMap<String, Requests>);

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

    /// The share of pairs of images that came back in the order of their first responses: a half or
    /// a little more if they wait for random times, and nearly all if they wait equally long. Only
    /// images with the same `Retry-After` are compared, and only responses that came together.
    pub fn in_order(&self) -> f64 {
        let mut times: Vec<_> = self.0.values().filter_map(Requests::first_wait).collect();
        times.sort();
        let (mut pairs, mut in_order) = (0_u32, 0_u32);
        for (index, (retry_after, time, next)) in times.iter().enumerate() {
            let together =
                |other: &&(_, Duration, _)| other.0 == *retry_after && other.1 <= *time + TOGETHER;
            for (_, _, later) in times[index + 1..].iter().filter(together) {
                pairs += 1;
                in_order += u32::from(next < later);
            }
        }
        f64::from(in_order) / f64::from(pairs.max(1))
    }

    /// The backoffs after the attempts with this index, in order.
    pub fn backoffs(&self, index: usize) -> Vec<Duration> {
        sorted(self.0.values().filter_map(|image| image.backoff(index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fastrand::Rng;

    /// Images that wait for as long as `wait` says. Each response is sent a little after the one
    /// before it.
    fn attempts(mut wait: impl FnMut() -> Duration) -> Attempts {
        let image = |index: u64| {
            let time = Duration::from_millis(3 * index);
            let retry_after = Duration::from_secs(1 + index % 2);
            let arrived = vec![Duration::ZERO, time + retry_after + wait()];
            let image = Requests { arrived, sent: Vec::new(), response: Some((time, retry_after)) };
            (index.to_string(), image)
        };
        Attempts((0..32).map(image).collect())
    }

    #[test]
    fn images_that_wait_equally_long_come_back_in_order() {
        let mut late = Duration::ZERO;
        let same = attempts(|| {
            late += Duration::from_millis(20);
            FIXED + late
        });
        assert!(same.in_order() > 0.99);
        let differ = |seed| {
            let mut random = Rng::with_seed(seed);
            attempts(|| FIXED + FIXED.mul_f64(random.f64())).in_order()
        };
        assert!((0..1_000).filter(|seed| differ(*seed) > 0.85).count() <= 1);
    }

    const FIXED: Duration = Duration::from_millis(500);
}
