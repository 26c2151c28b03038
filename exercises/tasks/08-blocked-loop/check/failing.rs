//! Runs in which the look-up or the download of one image fails, or the catalogue has a wrong size for it.

use crate::judge::{
    Expectation, FailingRun, Run, Submission, ends_with_failure, expect_all, run_failing,
};
use practice::{Held, Release, Server, Settings};

const WRONG_SIZE: &str = "the catalogue had a wrong size for an image";
const STUCK: &str = "What waits for the result of a task that has failed?";

/// The program ends with a failure, and without the image.
pub fn fails(submission: &Submission, settings: &Settings, server: &Server) -> Result<(), String> {
    let name = &server.names()[submission.random().usize(..settings.images)];
    let wrong_size = |held: &Held| {
        let size = server.file(&held.name).map_or(0, |file| file.len());
        Release::Size(size + usize::from(held.name == *name))
    };
    let not_found = |is_look_up| {
        move |held: &Held| {
            let fails = held.is_head == is_look_up && held.name == *name;
            if fails { Release::Status(404) } else { Release::Image }
        }
    };
    let runs = [
        FailingRun { what: WRONG_SIZE, stuck: STUCK, respond: Box::new(wrong_size) },
        FailingRun { what: "a look-up failed", stuck: STUCK, respond: Box::new(not_found(true)) },
        FailingRun { what: "a download failed", stuck: STUCK, respond: Box::new(not_found(false)) },
    ];
    for (run, ended) in run_failing(submission, settings, runs)? {
        expect_all([is_not_saved(&ended.run, name, run.what)])?;
        expect_all(ends_with_failure(&ended, run.what, run.stuck))?;
    }
    Ok(())
}

fn is_not_saved(run: &Run, name: &str, what: &str) -> Expectation {
    let message = format!(
        "In a run in which {what}, the image was saved anyway ({name}). You only know that an image is \
         complete if its size matches the one in the catalogue. What happens to the error?"
    );
    (run.saved(name).is_none(), message)
}
