//! Steps a submission through its album: all requests are held, one is released, and the next one
//! must arrive, again and again. A timeout only ends the wait for a request that never comes.

use super::gate::wait_while_active;
use super::observations::{different, images};
use super::run::Run;
use super::server::serve;
use super::submission::{Running, Submission};
use super::system;
use fastrand::Rng;
use practice::{Held, Observed, Release, Server, Settings};
use std::thread;
use std::time::{Duration, Instant};

/// Limits the wait for the first request.
pub(super) const FIRST_TIMEOUT: Duration = Duration::from_secs(8);
/// Limits the wait for any other request. A slow disk, or a program that the system stops for half
/// a second, takes less.
pub(super) const NEXT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the first requests are held after the last one has come, for one too many to show up.
const SETTLE_TIME: Duration = Duration::from_millis(700);
/// The same after each step.
pub(super) const STEP_TIME: Duration = Duration::from_millis(15);
/// Limits each wait after a stall, where the judge only looks for its reason.
const REASON_TIMEOUT: Duration = Duration::from_millis(700);
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// Which of the held requests is released next.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// The one that came last: a worker whose share is used up shows at once.
    Newest,
    /// The one that came first: workers with equal shares use them up together.
    Oldest,
    /// The oldest, the newest or any other one, drawn anew for each step.
    Mixed,
}

/// What a stepped run showed.
pub struct Stepped {
    /// Requests that came before the first response.
    pub first: usize,
    /// The maximum of requests in flight.
    pub peak: usize,
    /// Where no next request came, although there were images left.
    pub stall: Option<Stall>,
    /// Threads of the program while its first requests were held. `None` where the system does not
    /// tell.
    pub threads: Option<usize>,
    /// Processor time that the program used while its first requests were held.
    pub spun: Option<Duration>,
    /// What the run left behind.
    pub run: Run,
    /// What the server saw in the whole run.
    pub observed: Observed,
    /// The server.
    pub server: Server,
}

/// A step after which no next request came.
#[derive(Clone, Copy, Debug)]
pub struct Stall {
    /// Responses up to then.
    pub released: usize,
    /// Requests in flight then.
    pub in_flight: usize,
    /// Images that had not been requested then.
    pub left: usize,
    /// What made the next request come.
    pub resumed: Resumed,
}

/// After which response a stalled program went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumed {
    /// The program had ended.
    Ended,
    /// No further request came.
    Never,
    /// Only after all responses.
    AfterAll,
    /// After the response to its oldest request.
    AfterOldest,
    /// After some of the responses.
    AfterSome,
}

/// Runs a submission that should have `width` requests in flight as long as there are images left.
///
/// # Errors
///
/// The run requested no image, or the same images over and over.
pub fn step(
    submission: &Submission,
    settings: &Settings,
    width: usize,
    order: Order,
) -> Result<Stepped, String> {
    let mut steps = Steps::start(submission, settings, order)?;
    let first = steps.arrive(width, FIRST_TIMEOUT);
    let id = steps.running.id();
    let before = system::processor_time(id);
    if first >= width {
        steps.settle(SETTLE_TIME);
    }
    let spun =
        before.zip(system::processor_time(id)).map(|(before, now)| now.saturating_sub(before));
    let own = usize::from(submission.is_kept());
    let threads = system::threads(id).map(|threads| threads - own);
    let stall = steps.all(width);
    steps.server.release_all(Release::Image);
    let Steps { running, server, .. } = steps;
    let run = wait_while_active(running, &server, settings.images)?;
    let observed = server.observed();
    super::gate::requests_images(&run, &observed)?;
    let peak = observed.peak_in_flight;
    Ok(Stepped { first, peak, stall, threads, spun, run, observed, server })
}

/// A run whose requests are held.
pub(super) struct Steps {
    pub running: Running,
    pub server: Server,
    images: usize,
    order: Order,
    random: Rng,
}

impl Steps {
    pub fn start(
        submission: &Submission,
        settings: &Settings,
        order: Order,
    ) -> Result<Self, String> {
        let server = serve(settings)?;
        let running = submission.start(&server)?;
        Ok(Self { running, server, images: settings.images, order, random: submission.random() })
    }

    /// Steps through the album. Returns where it stalled.
    fn all(&mut self, width: usize) -> Option<Stall> {
        // Twice the images are enough to see that some are requested again.
        for released in 0..2 * self.images {
            let held = self.server.held();
            if held.is_empty() {
                return None;
            }
            let left = self.left();
            let expected = width.min(held.len() - 1 + left);
            let chosen = self.choose(&held).id;
            self.server.release(chosen, Release::Image);
            let in_flight = self.arrive(expected, NEXT_TIMEOUT);
            if in_flight < expected {
                let resumed = self.reason();
                return Some(Stall { released: released + 1, in_flight, left, resumed });
            }
            if left > 0 {
                self.settle(STEP_TIME);
            }
        }
        None
    }

    fn choose<'a>(&mut self, held: &'a [Held]) -> &'a Held {
        let last = held.len() - 1;
        &held[match (self.order, self.random.u8(..3)) {
            (Order::Newest, _) | (Order::Mixed, 0) => last,
            (Order::Oldest, _) | (Order::Mixed, 1) => 0,
            (Order::Mixed, _) => self.random.usize(..=last),
        }]
    }

    /// Images that have not been requested.
    fn left(&self) -> usize {
        self.images.saturating_sub(different(&self.server.observed()))
    }

    /// Waits until `expected` requests are held, or no more come. Returns how many are.
    pub fn arrive(&mut self, expected: usize, timeout: Duration) -> usize {
        let mut held = self.server.held().len();
        let mut last = Instant::now();
        while held < expected && !self.running.has_ended() && !self.running.time_left().is_zero() {
            let now = self.server.held().len();
            if now != held {
                (held, last) = (now, Instant::now());
            } else if last.elapsed() > if held == 0 { timeout } else { timeout.min(NEXT_TIMEOUT) } {
                break;
            }
            thread::sleep(POLL_INTERVAL);
        }
        held
    }

    /// Waits until no request has come for this long.
    pub fn settle(&mut self, time: Duration) {
        let mut held = self.server.held().len();
        let mut last = Instant::now();
        while last.elapsed() < time && !self.running.has_ended() {
            let now = self.server.held().len();
            if now > held {
                (held, last) = (now, Instant::now());
            }
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Releases what is held, oldest first, until the program goes on.
    fn reason(&mut self) -> Resumed {
        if self.running.has_ended() {
            return Resumed::Ended;
        }
        let known = images(&self.server.observed()).count();
        let mut resumed = Resumed::AfterOldest;
        loop {
            let held = self.server.held();
            let Some(oldest) = held.first() else {
                return if self.comes(known, NEXT_TIMEOUT) {
                    Resumed::AfterAll
                } else if self.running.has_ended() {
                    Resumed::Ended
                } else {
                    Resumed::Never
                };
            };
            self.server.release(oldest.id, Release::Image);
            let was_last = held.len() == 1;
            if !was_last && self.comes(known, REASON_TIMEOUT) {
                return resumed;
            }
            resumed = Resumed::AfterSome;
        }
    }

    /// Whether a request comes beyond the `known` ones.
    fn comes(&mut self, known: usize, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        loop {
            if images(&self.server.observed()).count() > known {
                return true;
            }
            if Instant::now() > until || self.running.has_ended() {
                return false;
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}
