//! A run whose responses a check chooses one by one: the server holds every request until then.

use super::gate::{requests_images, wait_while_active};
use super::run::Run;
use super::server::serve;
use super::steps::{FIRST_TIMEOUT, NEXT_TIMEOUT, POLL_INTERVAL};
use super::submission::{Running, Submission};
use super::system;
use practice::{Held, Observed, Release, Server, Settings};
use std::thread;
use std::time::{Duration, Instant};

/// How long a check waits for a request that must not come, or watches a program that must sleep.
const SETTLE_TIME: Duration = Duration::from_millis(700);
/// The same after each step.
const STEP_TIME: Duration = Duration::from_millis(15);
/// Limits how long a run may have no request in flight. Beyond that, it counts as stuck.
const STUCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the threads of a program that sleeps may wake in [`SETTLE_TIME`].
const MAX_SWITCHES: u64 = 10;
/// Limits the processor time of a program that sleeps for [`SETTLE_TIME`].
const MAX_PROCESSOR_TIME: Duration = Duration::from_millis(60);

/// Ends a wait for what never comes. It counts polls: on a busy machine, where the program gets its
/// turn late, the judge does as well.
struct Timeout {
    polls_left: u128,
    until: Instant,
}

impl Timeout {
    /// Up to four times as long on a busy machine.
    fn new(time: Duration) -> Self {
        let polls_left = time.as_millis() / POLL_INTERVAL.as_millis();
        Self { polls_left, until: Instant::now() + 4 * time }
    }

    /// Sleeps until the next poll. Returns whether there is none.
    fn is_over(&mut self) -> bool {
        thread::sleep(POLL_INTERVAL);
        self.polls_left = self.polls_left.saturating_sub(1);
        self.polls_left == 0 || Instant::now() > self.until
    }
}

/// A run that is being guided.
pub struct Guided {
    /// The server that holds its requests.
    pub server: Server,
    running: Running,
    images: usize,
    is_kept: bool,
}

/// What a guided run left behind.
pub struct Ended {
    /// The run.
    pub run: Run,
    /// What the server saw in the whole run.
    pub observed: Observed,
    /// The server.
    pub server: Server,
}

impl Guided {
    /// Starts a submission at a server with these settings, which must be [drawn](super::drawn).
    pub fn start(submission: &Submission, settings: &Settings) -> Result<Self, String> {
        let server = serve(settings)?;
        let running = submission.start(&server)?;
        let is_kept = submission.is_kept();
        Ok(Self { server, running, images: settings.images, is_kept })
    }

    /// The held requests for images (not the look-ups, whose method is HEAD), oldest first.
    pub fn downloads(&self) -> Vec<Held> {
        self.server.held().into_iter().filter(|held| !held.is_head).collect()
    }

    /// The held look-ups, whose method is HEAD, oldest first.
    pub fn look_ups(&self) -> Vec<Held> {
        self.server.held().into_iter().filter(|held| held.is_head).collect()
    }

    /// The path and the query of a held request.
    pub fn target(&self, held: &Held) -> String {
        let log = self.server.observed().log;
        log.get(held.id - 1).map_or_else(String::new, |seen| seen.target.clone())
    }

    /// Waits until the condition holds. Returns false if the program has ended or sends no more
    /// requests before.
    pub fn comes(&mut self, mut condition: impl FnMut(&Self) -> bool) -> bool {
        let (mut seen, mut timeout) = (0, Timeout::new(FIRST_TIMEOUT));
        loop {
            // What it sent before its end counts.
            let has_ended = self.running.has_ended() || self.running.time_left().is_zero();
            if condition(self) {
                return true;
            }
            let now = self.server.observed().requests;
            let is_sending = self.server.in_flight() > self.server.held().len();
            if now != seen || is_sending {
                seen = now;
                // The list doesn't count: a program may need a while to start its threads.
                timeout = Timeout::new(if now < 2 { FIRST_TIMEOUT } else { NEXT_TIMEOUT });
            }
            if has_ended || timeout.is_over() {
                return false;
            }
        }
    }

    /// Waits for a request that must not come, or lets the program do what it can.
    pub fn settle(&mut self) {
        self.pause(SETTLE_TIME);
    }

    /// The same, for a moment: between two of many steps.
    pub fn settle_briefly(&mut self) {
        self.pause(STEP_TIME);
    }

    fn pause(&mut self, time: Duration) {
        let mut timeout = Timeout::new(time);
        while !timeout.is_over() && !self.running.has_ended() {}
    }

    /// Waits as [`settle`](Self::settle) does. Returns whether the program's threads slept meanwhile:
    /// true where the system doesn't tell.
    pub fn sleeps(&mut self) -> bool {
        // What the last response set off must be over.
        self.pause(10 * STEP_TIME);
        let measure = |id| (system::processor_time(id), system::switches(id));
        let (time, switches) = measure(self.running.id());
        self.settle();
        let (time_now, switches_now) = measure(self.running.id());
        let used = time.zip(time_now).map(|(before, now)| now.saturating_sub(before));
        let woke = switches.zip(switches_now).map(|(before, now)| now.saturating_sub(before));
        used.is_none_or(|used| used <= MAX_PROCESSOR_TIME)
            && woke.is_none_or(|woke| woke <= MAX_SWITCHES)
    }

    /// How many threads the program has. `None` where the system doesn't tell.
    pub fn threads(&self) -> Option<usize> {
        system::threads(self.running.id()).map(|threads| threads - usize::from(self.is_kept))
    }

    /// Waits for the end of the program. Returns false if it doesn't come.
    pub fn ends(&mut self) -> bool {
        let mut timeout = Timeout::new(STUCK_TIMEOUT);
        while !self.running.has_ended() {
            if timeout.is_over() {
                return false;
            }
        }
        true
    }

    /// Sends what is left of the album, and waits for the end of the run. A run that is stuck is
    /// stopped.
    ///
    /// # Errors
    ///
    /// The run requested no image, or the same images over and over.
    pub fn end(self) -> Result<Ended, String> {
        self.server.release_all(Release::Image);
        let Self { running, server, images, .. } = self;
        let run = wait_while_active(running, &server, images)?;
        let observed = server.observed();
        requests_images(&run, &observed)?;
        Ok(Ended { run, observed, server })
    }

    /// Responds to each request as it comes, and waits for the end of the run. A run that is stuck is
    /// stopped.
    ///
    /// # Errors
    ///
    /// The program printed too much.
    pub fn end_with(mut self, mut release: impl FnMut(&Held) -> Release) -> Result<Ended, String> {
        let mut timeout = Timeout::new(STUCK_TIMEOUT);
        while !self.running.has_ended() && !timeout.is_over() {
            for held in self.server.held() {
                self.server.release(held.id, release(&held));
            }
            if self.server.in_flight() > 0 {
                timeout = Timeout::new(STUCK_TIMEOUT);
            }
        }
        let run = self.running.wait_for(Duration::ZERO)?;
        Ok(Ended { run, observed: self.server.observed(), server: self.server })
    }
}
