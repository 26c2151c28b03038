//! Task 1: each failure must be named, counted and reflected in the exit code.
//!
//! The submission runs three times at the same time: on an album without failures, on the album `trouble`,
//! and on an album that doesn't exist.

use crate::judge::{
    Expectation, Run, Submission, Verdict, does_not_panic, exits_with_failure, expect_all,
    saved_all, serve, settings, shown,
};
use crate::{blocking, files};

/// Images in the album without failures.
const IMAGES: usize = 8;
/// Images of `trouble` that a single request can't get.
const LOST: [&str; 5] =
    ["not-found.png", "gone.png", "always-down.png", "cut-short.png", "goes-silent.png"];
/// Images of `trouble` that a single request gets.
const FINE: [&str; 3] = ["healthy.png", "twin.png", "numbered.png"];

pub fn check(submission: &Submission) -> Verdict {
    let server = serve(&settings(IMAGES))?;
    let list = format!("{}/album/{}/images", server.api_url(), practice::TROUBLE);
    let links = blocking::list(&list, "Client-ID check").map_err(|error| error.to_string())?;

    let fine = submission.start(&server)?;
    let trouble = submission.start_with(&server, &[("ALBUM", practice::TROUBLE)])?;
    let missing = submission.start_with(&server, &[("ALBUM", "missing")])?;
    let (fine, trouble, missing) = (fine.wait()?, trouble.wait()?, missing.wait()?);

    expect_all([
        does_not_panic(&trouble, "on the album trouble"),
        does_not_panic(&missing, "on an album that doesn't exist"),
    ])?;
    fine.succeeded()?;
    trouble.ended()?;
    let failed = links.iter().filter(|link| names(&trouble, link)).count();
    expect_all([
        saved_all(&fine, &server),
        tries_all(&trouble, &links),
        says_why(&trouble, &links),
        exits_with_failure(&trouble, "images of the album trouble failed"),
        counts(&trouble, links.len() - failed, links.len()),
        counts(&fine, IMAGES, IMAGES),
        reports_missing(&missing),
    ])?;
    Ok(format!(
        "The album trouble: {failed} of {} downloads failed; each of them is named, and the exit \
         code reports it. The album without failures: exit code 0. An album that doesn't exist: a \
         failure.",
        links.len()
    ))
}

/// Whether stderr contains the link, as it is or as `{link:?}` prints it.
fn names(run: &Run, link: &str) -> bool {
    run.stderr.contains(link) || run.stderr.contains(&link.escape_debug().to_string())
}

fn is_saved(run: &Run, link: &str) -> bool {
    let path = format!("downloads/{}", files::name(link)).to_lowercase();
    run.files.keys().any(|file| file.to_lowercase() == path)
}

fn tries_all(trouble: &Run, links: &[String]) -> Expectation {
    let mut fine = links.iter().filter(|link| FINE.contains(&files::name(link)));
    let untried = fine.find(|link| !is_saved(trouble, link) && !names(trouble, link));
    let message = format!(
        "On the album trouble your program gave up before it had tried all images: {} is neither \
         saved nor named, although the server would have sent it. One failure must not stop the \
         other downloads. Does the code that sees the error first know what else there is to do?",
        untried.map_or("none", |link| files::name(link)),
    );
    (untried.is_none(), message)
}

fn says_why(trouble: &Run, links: &[String]) -> Expectation {
    let mut lost = links.iter().filter(|link| LOST.contains(&files::name(link)));
    let unnamed = lost.find(|link| !is_saved(trouble, link) && !names(trouble, link));
    let file = unnamed.map_or(LOST[0], |link| files::name(link));
    // The status must be outside the link, whose port may contain the same digits.
    let has_reason = |line: &str| {
        let link = links.iter().find(|link| files::name(link) == LOST[0]);
        link.is_some_and(|link| line.contains(LOST[0]) && line.replace(link, "").contains("404"))
    };
    let message = format!(
        "{file} of the album trouble wasn't saved, and no line on stderr holds both its whole link \
         and the reason. A reader needs the link to try again by hand, and the reason to know \
         whether that can help. `fetch` returns the error: print it with `eprintln!` where the \
         link is known."
    );
    (unnamed.is_none() && trouble.stderr.lines().any(has_reason), message)
}

/// Stdout has a line that says how many images were saved.
fn counts(run: &Run, saved: usize, of: usize) -> Expectation {
    let expected = format!("{saved} of {of} images saved");
    let message = format!(
        "The numbers don't add up. Your program named {} of {of} links as failed, so its last line \
         should be `{expected}`. It is `{}`.",
        of - saved,
        shown(run.stdout.lines().last().unwrap_or_default())
    );
    (run.stdout.lines().any(|line| line.trim() == expected), message)
}

fn reports_missing(missing: &Run) -> Expectation {
    let message = "The album didn't exist, and your program reported no failure. If the list \
                   itself doesn't come, say so on stderr and end with an exit code other than 0. \
                   What does `unwrap_or_default` do with an error?";
    (missing.code() != Some(0) && !missing.stderr.is_empty(), message.into())
}
