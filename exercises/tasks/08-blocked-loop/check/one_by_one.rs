//! A run in which all images come, and then their sizes one after another.

use crate::judge::{Expectation, Guided, Submission};
use practice::{Release, Settings};

/// Sends all images, and then the sizes in a random order: each of them must lead to a saved image while
/// the others are held. Returns how many sizes the server sent up to the first that didn't.
pub fn unsaved(submission: &Submission, settings: &Settings) -> Result<Option<usize>, String> {
    let mut run = Guided::start(submission, settings)?;
    run.comes(|run| run.server.held().len() >= 2 * settings.images);
    for held in run.downloads() {
        run.server.release(held.id, Release::Image);
    }
    let mut look_ups = run.look_ups();
    submission.random().shuffle(&mut look_ups);
    let unsaved = look_ups.iter().position(|held| {
        run.server.release(held.id, Release::Image);
        let file = run.folder().join("downloads").join(&held.name);
        !run.comes(|_| file.exists())
    });
    let _ = run.end()?;
    Ok(unsaved.map(|index| index + 1))
}

pub fn saves_each(unsaved: Option<usize>, all: usize) -> Expectation {
    let message = format!(
        "In a second run, the server sent all images first, and then one size after another, in a random \
         order. After size {} of {all}, its image was not saved until more sizes came. Does a task that \
         has its image wait for the size without an `.await`? Waiting for another thread blocks this \
         thread, too: that's what `join` and `recv` of the standard library do. What can you `.await` \
         instead? And does each task save its own image?",
        unsaved.unwrap_or_default(),
    );
    (unsaved.is_none(), message)
}
