//! Steps a submission through its album: all requests are held, one is released, and the next one
//! must arrive, again and again. A timeout only ends the wait for a request that never comes.

use super::guided::{Ended, Guided};
use super::observations::{different, images};
use super::run::Run;
use super::submission::Submission;
use fastrand::Rng;
use practice::{Observed, Release, Server, Settings};
use std::time::Duration;

/// Limits each wait after a stall, where the judge only looks for its reason.
const REASON_TIMEOUT: Duration = Duration::from_millis(700);

/// Which of the held requests is released next.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// The one that came last: a worker whose share is used up shows at once.
    Newest,
    /// All that are held, in an order that is drawn, and then all that have come meanwhile: each
    /// worker has its turn in every round.
    Rounds,
}

/// What a stepped run showed.
pub struct Stepped {
    /// Requests that came before the first response.
    pub first: usize,
    /// Where no next request came, although there were images left.
    pub stall: Option<Stall>,
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
    /// Images that had not been requested then, or had to be requested again.
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
    step_with_losses(submission, settings, width, order, &|_, _| 0)
}

/// The same, for workers that can lose an image after its response. `lost` returns how many images must
/// be requested again, once the server responds to the request with this id.
pub fn step_with_losses(
    submission: &Submission,
    settings: &Settings,
    width: usize,
    order: Order,
    lost: &dyn Fn(&Observed, usize) -> usize,
) -> Result<Stepped, String> {
    let mut steps = Steps {
        run: Guided::start(submission, settings)?,
        images: settings.images,
        order,
        round: Vec::new(),
        random: submission.random(),
        lost,
    };
    let first = steps.arrive(width);
    if first >= width {
        // One too many would show up now.
        steps.run.settle();
    }
    let stall = steps.all(width);
    let Ended { run, observed, server } = steps.run.end()?;
    Ok(Stepped { first, stall, run, observed, server })
}

/// A run that is stepped.
struct Steps<'a> {
    run: Guided,
    images: usize,
    order: Order,
    /// The requests that are left of the round.
    round: Vec<usize>,
    random: Rng,
    lost: &'a dyn Fn(&Observed, usize) -> usize,
}

impl Steps<'_> {
    /// Steps through the album. Returns where it stalled.
    fn all(&mut self, width: usize) -> Option<Stall> {
        // Twice the images are enough to see that some are requested again.
        for released in 0..2 * self.images {
            let held = self.held();
            let chosen = self.choose(&held)?;
            let left = self.left(chosen);
            let expected = width.min(held.len() - 1 + left);
            self.run.server.release(chosen, Release::Image);
            let in_flight = self.arrive(expected);
            if in_flight < expected {
                let resumed = self.reason();
                return Some(Stall { released: released + 1, in_flight, left, resumed });
            }
            if left > 0 {
                self.run.settle_briefly();
            }
        }
        None
    }

    /// The ids of the held requests, oldest first.
    fn held(&self) -> Vec<usize> {
        self.run.server.held().iter().map(|held| held.id).collect()
    }

    fn choose(&mut self, held: &[usize]) -> Option<usize> {
        match self.order {
            Order::Newest => held.last().copied(),
            Order::Rounds => {
                self.round.retain(|id| held.contains(id));
                if self.round.is_empty() {
                    self.round = held.to_vec();
                    self.random.shuffle(&mut self.round);
                }
                self.round.pop()
            }
        }
    }

    /// Images that have not been requested, or must be requested again, when the chosen one is released.
    fn left(&self, chosen: usize) -> usize {
        let observed = self.run.server.observed();
        self.images.saturating_sub(different(&observed)) + (self.lost)(&observed, chosen)
    }

    /// Waits until `expected` requests are held, or no more come. Returns how many are.
    fn arrive(&mut self, expected: usize) -> usize {
        self.run.comes(|run| run.server.held().len() >= expected);
        self.run.server.held().len()
    }

    /// Releases what is held, oldest first, until the program goes on.
    fn reason(&mut self) -> Resumed {
        if self.run.has_ended() {
            return Resumed::Ended;
        }
        let known = images(&self.run.server.observed()).count();
        let goes_on = |run: &Guided| images(&run.server.observed()).count() > known;
        let mut resumed = Resumed::AfterOldest;
        loop {
            let held = self.held();
            let Some(oldest) = held.first() else {
                return if self.run.comes(goes_on) {
                    Resumed::AfterAll
                } else if self.run.has_ended() {
                    Resumed::Ended
                } else {
                    Resumed::Never
                };
            };
            self.run.server.release(*oldest, Release::Image);
            let was_last = held.len() == 1;
            if !was_last && self.run.comes_within(REASON_TIMEOUT, goes_on) {
                return resumed;
            }
            resumed = Resumed::AfterSome;
        }
    }
}
