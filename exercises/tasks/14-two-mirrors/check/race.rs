//! A run in which one of two mirrors, chosen at random, responds first.

use crate::judge::{Ended, Guided, Submission, permanent};
use fastrand::Rng;
use practice::{Held, Release, Settings};
use std::collections::BTreeSet;

/// How many late requests to the second mirror count as a mistake. If only the server is slow, it sees
/// fewer.
const MAX_LATE: usize = 6;
/// Images of each half of the album whose first response is an error: one from each mirror.
const ERRORS: usize = 2;

/// What happened up to the first mistake.
pub struct Raced {
    /// Images that were taken, and how many of them after an error.
    pub images: usize,
    pub errors: usize,
    pub mistake: Option<Mistake>,
    pub ended: Ended,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// The other mirror was not asked.
    AskedOne,
    /// The other mirror was asked later.
    AskedLate,
    /// The next image wasn't requested, and the other mirror's response is awaited.
    WaitsForBoth,
    /// After an error, the request to the other mirror was given up.
    TookTheError,
    /// The same, when the connection broke off in the middle of the image.
    GaveUpAfterHalf,
    /// And then it was sent again.
    AskedAgain,
    /// The other request remained in flight.
    LeftOpen,
}

pub fn race(submission: &Submission, settings: &Settings) -> Result<Raced, String> {
    let mut random = submission.random();
    let run = Guided::start(submission, settings)?;
    // Each mirror comes first with a status, later with half of an image, and several times with an image.
    let half = settings.images / 2;
    let status = Release::Status(permanent(submission));
    let mut draws = draw(&mut random, half, status);
    draws.extend(draw(&mut random, settings.images - half, Release::CutShort));
    let mut race = Race { run, images: 0, errors: 0, late: 0 };
    let mistake = draws.into_iter().find_map(|(error, first)| {
        let is_last = race.images + 1 == settings.images;
        race.next_image(error, first, is_last).err()
    });
    let Race { run, images, errors, .. } = race;
    Ok(Raced { images, errors, mistake, ended: run.end()? })
}

/// For so many images, in a random order, an error as the first response or none, and the index of the
/// mirror that responds first.
fn draw(random: &mut Rng, images: usize, error: Release) -> Vec<(Option<Release>, usize)> {
    let mut draws: Vec<_> =
        (0..images).map(|image| ((image < ERRORS).then_some(error), image % 2)).collect();
    random.shuffle(&mut draws);
    draws
}

/// A run in which one of two mirrors responds first.
struct Race {
    run: Guided,
    images: usize,
    errors: usize,
    /// Images whose second request came late.
    late: usize,
}

impl Race {
    /// Waits for both requests for an image. The one with the index `first`, of two, gets its response:
    /// the image, or this error, and then the other one sends the image.
    fn next_image(
        &mut self,
        error: Option<Release>,
        first: usize,
        is_last: bool,
    ) -> Result<(), Mistake> {
        let mut pair = self.both_requests()?;
        pair.rotate_left(first);
        match error {
            Some(error) => self.fails_first(&pair, error)?,
            None => _ = self.run.server.release(pair[0].id, Release::Image),
        }
        self.images += 1;
        let other_left = |run: &Guided| error.is_some() || !run.server.held().contains(&pair[1]);
        let goes_on = |run: &Guided| run.server.held().iter().any(|held| !pair.contains(held));
        let run = &mut self.run;
        // A program that ends closes its connections, but the server may see that a moment later.
        let is_done =
            if is_last { run.ends() } else { run.comes(|run| other_left(run) && goes_on(run)) };
        let mistake = if goes_on(run) { Mistake::LeftOpen } else { Mistake::WaitsForBoth };
        if is_done { Ok(()) } else { Err(mistake) }
    }

    fn both_requests(&mut self) -> Result<Vec<Held>, Mistake> {
        self.run.comes(|run| !run.server.held().is_empty());
        if !self.run.comes_at_once(|run| pair(run).is_some()) {
            self.late += 1;
            if !self.run.comes(|run| pair(run).is_some()) {
                return Err(Mistake::AskedOne);
            }
            if self.late == MAX_LATE {
                return Err(Mistake::AskedLate);
            }
        }
        pair(&self.run).ok_or(Mistake::AskedOne)
    }

    /// The first response is this error. The other request must stay in flight.
    fn fails_first(&mut self, pair: &[Held], error: Release) -> Result<(), Mistake> {
        let run = &mut self.run;
        run.server.release(pair[0].id, error);
        self.errors += 1;
        run.comes(|run| done(run, &pair[0]));
        // The connection stays open for a moment after half of the image.
        if self.errors == 1 || error == Release::CutShort {
            run.settle();
        } else {
            run.react();
        }
        // After the program has ended, the server may take a moment to notice.
        if run.has_ended() || !run.server.release(pair[1].id, Release::Image) {
            let is_again = |held: &Held| held.name == pair[0].name && !pair.contains(held);
            let again = run.server.held().iter().any(is_again);
            return Err(match error {
                _ if again => Mistake::AskedAgain,
                Release::CutShort => Mistake::GaveUpAfterHalf,
                _ => Mistake::TookTheError,
            });
        }
        Ok(())
    }
}

/// The two requests for one image that are held, one for each mirror, in the same order each time.
fn pair(run: &Guided) -> Option<Vec<Held>> {
    let held = run.server.held();
    let newest = held.last()?;
    let same = held.iter().filter(|other| other.name == newest.name);
    let mut pair: Vec<_> = same.cloned().collect();
    pair.sort_by_cached_key(|held| run.target(held));
    let mirrors: BTreeSet<_> = pair.iter().map(|held| run.target(held)).collect();
    (mirrors.len() == 2).then_some(pair)
}

fn done(run: &Guided, held: &Held) -> bool {
    let observed = run.server.observed();
    observed.log.get(held.id - 1).is_some_and(|seen| seen.finished.is_some())
}
