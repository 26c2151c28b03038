//! A run in which no image comes for some seconds.

use super::{WORKERS, downloaded};
use crate::judge::{Expectation, Guided, Submission, images};
use practice::{Observed, Release, Settings};

/// How often the check settles while the downloads are held: for nearly three seconds.
const QUIET_TIMES: usize = 4;

/// How many look-ups came in a run whose downloads were held for some time.
pub struct Quiet {
    before: usize,
    in_all: usize,
}

impl Quiet {
    /// Sends some images, and their sizes. Then holds the downloads, when the thread that saves has
    /// nothing to do.
    pub fn run(submission: &Submission, settings: &Settings) -> Result<Self, String> {
        let mut run = Guided::start(submission, settings)?;
        let sent = submission.random().usize(1..settings.images - WORKERS);
        let mut released = 0;
        run.comes(|run| {
            for held in run.look_ups() {
                run.server.release(held.id, Release::Image);
            }
            for held in run.downloads().into_iter().take(sent - released) {
                released += usize::from(run.server.release(held.id, Release::Image));
            }
            let is_looked_up = looked_up(&run.server.observed()) >= sent;
            downloaded(run) >= sent + WORKERS && is_looked_up && run.look_ups().is_empty()
        });
        for _ in 0..QUIET_TIMES {
            run.settle();
        }
        let before = looked_up(&run.server.observed());
        Ok(Self { before, in_all: looked_up(&run.end()?.observed) })
    }

    /// Look-ups came before, so some must come afterwards.
    pub fn is_not_the_end(&self, images: usize) -> Expectation {
        let Self { before, in_all } = *self;
        let message = format!(
            "In another run, all downloads took a few seconds, and no look-up came after that: \
             {in_all} of {images} images were looked up. If no image comes for a while, that doesn't mean \
             that none will: the workers may still be downloading. When does `recv` return an error?"
        );
        (before == 0 || in_all > before, message)
    }
}

fn looked_up(observed: &Observed) -> usize {
    images(observed).filter(|seen| seen.is_head).count()
}
