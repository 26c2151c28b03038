//! Runs in which a look-up or a download fails.

use crate::judge::{Guided, Run, Submission, exits_with_failure, expect_all};
use practice::{Release, Settings};

/// A run in which a request for one image fails, and the name of that image.
pub fn run_with_failure(
    submission: &Submission,
    settings: &Settings,
    is_look_up: bool,
) -> Result<(Run, String), String> {
    let run = Guided::start(submission, settings)?;
    let mut names = run.server.names();
    let name = names.swap_remove(submission.random().usize(..names.len()));
    let ended = run.end_with(|held| {
        let fails = held.is_head == is_look_up && held.name == name;
        if fails { Release::Status(404) } else { Release::Image }
    })?;
    Ok((ended.run, name))
}

/// The program ends with a failure, and without the image.
pub fn fails((run, name): &(Run, String), request: &str) -> Result<(), String> {
    let saved = run.files.contains_key(&format!("downloads/{name}"));
    expect_all([
        (
            !saved,
            format!(
                "In a run in which the {request} of {name} failed, the image was saved nevertheless. \
                 It can't be known to be complete without its size. What happens to the error?"
            ),
        ),
        (
            !run.was_stopped(),
            format!(
                "In a run in which one {request} failed, your program did not end, and was stopped."
            ),
        ),
        exits_with_failure(run, &format!("one {request} had failed")),
    ])
}
