//! Task 1: each failure must be named, counted and reflected in the exit code.
//!
//! The submission runs four times: on an album without failures, on one in which drawn images fail
//! with drawn statuses, one can't be saved and another one is slow, on an album that doesn't exist, and
//! without a server.

#[path = "check/trouble.rs"]
mod trouble;

use crate::judge::{
    Expectation, Run, Submission, Verdict, does_not_panic, drawn, exits_with_failure, expect_all,
    saved_all, serve, shown,
};
use practice::Release;
use std::io;
use std::net::TcpStream;
use trouble::Trouble;

pub fn check(submission: &Submission) -> Verdict {
    let server = serve(&drawn(submission, 8..=14))?;
    server.release_all(Release::Image);
    let fine = submission.start(&server)?;
    let missing = submission.start_with(&server, &[("ALBUM", "missing")])?;
    // No other server can listen on a connection's own port.
    let text = |error: io::Error| error.to_string();
    let connection = TcpStream::connect(server.address()).map_err(text)?;
    let unused = format!("http://{}/3", connection.local_addr().map_err(text)?);
    let unreachable = submission.start_with(&server, &[("IMGUR_API_URL", &unused)])?;
    let trouble = Trouble::run(submission)?;
    let (fine, missing, unreachable) = (fine.wait()?, missing.wait()?, unreachable.wait()?);

    let run = &trouble.ended.run;
    expect_all([
        does_not_panic(run, "when images could not be downloaded"),
        does_not_panic(&missing, "on an album that doesn't exist"),
        does_not_panic(&unreachable, "when it reached no server"),
        // A program that tries again and again doesn't end.
        trouble.tries_once(),
    ])?;
    run.ended()?;
    let failed = trouble.failed.len();
    expect_all([
        trouble.tries_all(),
        trouble.names_all(),
        trouble.names_the_unsaved(),
        trouble.has_a_line_for_each(),
        trouble.says_why(),
        exits_with_failure(run, &format!("{failed} images failed")),
        counts(run, trouble.images - failed, trouble.images),
    ])?;
    fine.succeeded()?;
    let of = server.names().len();
    expect_all([
        saved_all(&fine, &server),
        counts(&fine, of, of),
        reports_missing(&missing, "The album didn't exist"),
        reports_missing(&unreachable, "No server could be reached"),
        trouble.is_concurrent(),
    ])?;
    Ok(format!(
        "In one album, {failed} of {} images failed, one of them when it was saved; each is named with \
         its reason, and the exit code reports it. Another album had no failures: exit code 0. A third \
         one doesn't exist, and the server of a fourth one can't be reached: failures.",
        trouble.images
    ))
}

/// The last line on stdout says how many images were saved.
fn counts(run: &Run, saved: usize, of: usize) -> Expectation {
    let expected = format!("{saved} of {of} images saved");
    let last = run.stdout.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let message = format!(
        "The numbers don't add up. `download` succeeded for {saved} of {of} images, so the last line \
         on stdout should be `{expected}`. It is `{}`.",
        shown(last)
    );
    (last.trim() == expected, message)
}

fn reports_missing(run: &Run, reason: &str) -> Expectation {
    let message = format!(
        "{reason}, and your program reported no failure. If you can't get the list itself, say so on \
         stderr and end with an exit code other than 0. What does `unwrap_or_default` do with an error? \
         And is there an error that you treat as an empty list?"
    );
    (run.code() != Some(0) && !run.stderr.is_empty(), message)
}
