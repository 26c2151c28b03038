//! What the workers of a pool do while one of them saves an image.

use super::guided::Guided;
use practice::Release;
use std::fs::File;

/// A worker saves an image, which takes a while. On systems other than Linux, it takes no time, and
/// nothing is known.
pub struct Saving {
    /// Requests in flight before its image was sent.
    before: usize,
    /// Requests in flight while it was saved: at first, and after another worker had its image.
    meanwhile: Option<[usize; 2]>,
    /// Dropping it earlier could hold the worker for ever.
    _file: Option<File>,
}

impl Saving {
    /// Sends the image of the oldest request, which can't be saved until another one has been sent, too.
    pub fn watch(run: &mut Guided) -> Result<Self, String> {
        let held = run.server.held();
        let before = held.len();
        let unknown = Self { before, meanwhile: None, _file: None };
        let [first, second, ..] = &held[..] else { return Ok(unknown) };
        if !run.hold_saving(&first.name)? {
            return Ok(unknown);
        }
        run.server.release(first.id, Release::Image);
        run.react();
        let at_first = run.server.held().len();
        run.server.release(second.id, Release::Image);
        run.comes(|run| run.server.held().len() >= at_first);
        let later = run.server.held().len();
        let file = Some(run.allow_saving(&first.name)?);
        Ok(Self { before, meanwhile: Some([at_first, later]), _file: file })
    }

    /// Whether the worker that saves an image requests no other one meanwhile.
    pub fn is_done_first(&self) -> bool {
        self.meanwhile.is_none_or(|[at_first, _]| at_first < self.before)
    }

    /// Whether another worker requests its next image meanwhile.
    pub fn lets_others_go_on(&self) -> bool {
        self.meanwhile.is_none_or(|[at_first, later]| later >= at_first)
    }
}
