//! Task NN: what the practice server must have seen.

use crate::judge::{Submission, Verdict, expect_all, saved_all, serve, settings};

const IMAGES: usize = 8;

pub fn check(submission: &Submission) -> Verdict {
    let server = serve(&settings(IMAGES))?;
    let run = submission.run(&server)?;
    run.succeeded()?;
    expect_all([saved_all(&run, &server)])?;
    Err("This is not checked yet: write the check of NN-name in exercises/tasks/NN-name/check.rs."
        .into())
}
