//! Task 17: a writer and a reader in every schedule and with every value that a load may see; then at
//! the server.

use crate::judge::{Submission, Verdict, drawn, each_once, expect_all, explored, run_gated};

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let settings = drawn(submission, 4..=8);
    let gathered = run_gated(submission, &settings, 1)?;
    gathered.run.succeeded()?;
    expect_all([each_once(&gathered.observed, settings.images)])?;
    Ok(format!(
        "A reader that finds the entry ready sees both numbers, in {covered}, with each value that \
         the orderings let it see."
    ))
}
