//! Task 9: a download that ends early leaves no unfinished file, whatever ended it.
//!
//! The submission runs four times at the same time. On the album `trouble` one image stops halfway,
//! and the connections of others break; an image may take a second, and a minute in another run. On
//! the other album all images come over a slow link; the check waits until it sees several halves and
//! a complete image on the disk, and asks the program to stop. One server sends no response at all.

#[path = "check/stopped.rs"]
mod stopped;
#[path = "check/unanswered.rs"]
mod unanswered;

use crate::judge::{
    Expectation, Run, Running, Submission, Timeout, Verdict, exits_with_failure, expect_all,
    requests_images, serve, settings,
};
use crate::{blocking, files};
use practice::Server;
use std::time::Duration;
use stopped::{MAX_REPEATS, STEP_TIMEOUT, Stopped, stop};
use unanswered::Unanswered;

const SILENT: &str = "goes-silent.png";
/// The server sends all of this image, but takes longer than an image may.
const STEADY: &str = "slow-but-steady.png";
/// How long a program is idle when it has read all that the server has sent.
const READ_TIME: Duration = Duration::from_millis(300);
const FINE: [&str; 2] = ["healthy.png", "numbered.png"];

pub fn check(submission: &Submission) -> Verdict {
    let (server, patient) = (serve(&settings(1))?, serve(&settings(1))?);
    let list = format!("{}/album/{}/images", server.api_url(), practice::TROUBLE);
    let links = blocking::list(&list, "Client-ID check").map_err(|error| error.to_string())?;

    let album = ("ALBUM", practice::TROUBLE);
    let limited = |limit| submission.start_with(&server, &[album, ("LIMIT", limit)]);
    let trouble = limited("1")?;
    let unanswered = Unanswered::start(submission)?;
    let mut waiting = submission.start_with(&patient, &[album, ("LIMIT", "60")])?;
    let stopped = Stopped::run(submission)?;
    let is_patient = is_patient(&mut waiting, &patient);
    let silent = stop(waiting)?;
    let mut trouble = trouble.wait_for(STEP_TIMEOUT)?;
    for _ in 0..MAX_REPEATS {
        // On a busy machine, a program can be late by more than the limit.
        let given_up = gives_up(&trouble, halves(&trouble, &links).is_empty());
        if given_up.iter().all(|(is_met, _)| *is_met) {
            break;
        }
        trouble = limited("2")?.wait_for(STEP_TIMEOUT)?;
    }
    requests_images(&stopped.run, &stopped.server.observed())?;
    for run in [&stopped.run, &trouble] {
        // One that doesn't wait for Ctrl-C is ended by it.
        if run.code().is_some() {
            run.ended()?;
        }
    }
    let halves = halves(&trouble, &links);
    // On a slow disk, an image that is sent in no time can take longer than it may.
    let lost =
        FINE.into_iter().find(|name| !is_saved(&trouble, name) && !is_given_up(&trouble, name));
    expect_all([obeys_the_limit(is_patient), stopped.has_halves_on_disk()])?;
    expect_all(gives_up(&trouble, halves.is_empty()))?;
    expect_all([
        ends_after_failures(&trouble),
        exits_with_failure(&trouble, "images failed"),
        unanswered.gives_up()?,
        leaves_no_half("after images had failed", &trouble, &halves),
        keeps_complete(lost),
        stopped.stops(),
        stops_in_silence(&silent),
        leaves_no_half("when it was asked to stop", &stopped.run, &stopped.left()),
        keeps_complete(stopped.lost()),
    ])?;
    Ok(format!(
        "Your program gave up on {SILENT} after the time limit, and left no half of it behind. \
         Asked to stop with {} halves on the disk, your program removed them, and kept what was \
         complete.",
        stopped.halves
    ))
}

fn is_saved(run: &Run, name: &str) -> bool {
    run.files.contains_key(&format!("downloads/{name}"))
}

/// Whether the program has named this image as failed.
fn is_given_up(trouble: &Run, name: &str) -> bool {
    trouble.stderr.lines().any(|line| line.contains(&format!("/trouble/{name}")))
}

/// Whether a program that may take its time gives up neither `STEADY` nor `SILENT`.
fn is_patient(running: &mut Running, server: &Server) -> bool {
    let request =
        |name: &str| server.observed().log.into_iter().find(|seen| seen.target.contains(name));
    let mut timeout = Timeout::new(STEP_TIMEOUT);
    loop {
        let has_ended = running.has_ended();
        match request(STEADY) {
            Some(steady) if steady.finished.is_some() => {
                // A program that was late can receive all of `STEADY` at once, but not `SILENT`.
                let mut reads = Timeout::new(READ_TIME);
                while !reads.is_over(running, false) {}
                let waits = request(SILENT).is_none_or(|silent| silent.finished.is_none());
                return steady.complete && waits;
            }
            None if has_ended => return true,
            // The server notices that the program has left when it sends the next piece.
            _ if timeout.is_over(running, !has_ended) => return !has_ended,
            _ => {}
        }
    }
}

/// The files of a run on the album `trouble` that can't be complete images.
fn halves<'a>(trouble: &'a Run, links: &[String]) -> Vec<&'a String> {
    trouble.files.keys().filter(|path| !may_be_complete(path, links)).collect()
}

/// Whether this is the path of an image of the album `trouble` that the server sends completely.
fn may_be_complete(path: &str, links: &[String]) -> bool {
    let name = path.strip_prefix("downloads/");
    let is_image = links.iter().any(|link| name == Some(files::name(link)));
    is_image && ![Some(SILENT), Some("cut-short.png"), Some("chunks-cut.png")].contains(&name)
}

/// On the album `trouble`, the time limit of one image ends its download, and nothing else.
///
/// If halves are left, the file of `STEADY` may be one of them, and doesn't count as saved.
fn gives_up(trouble: &Run, no_halves: bool) -> [Expectation; 4] {
    let failed = line_of(trouble, "", &format!("/trouble/{SILENT}"));
    let dropped = line_of(trouble, &format!("dropped {SILENT}"), "");
    let is_ended = dropped.is_some_and(|dropped| failed.is_some_and(|failed| dropped < failed));
    let is_steady_saved = no_halves && is_saved(trouble, STEADY);
    [
        (!trouble.was_stopped() || failed.is_some(), waits_for_ever()),
        (failed.is_none() || is_ended, goes_on()),
        (!is_steady_saved, saves_steady()),
        (failed.is_some(), names_nothing()),
    ]
}

/// The index of the line on stderr that starts so and contains this part.
fn line_of(run: &Run, start: &str, part: &str) -> Option<usize> {
    run.stderr.lines().position(|line| line.starts_with(start) && line.contains(part))
}

fn waits_for_ever() -> String {
    format!(
        "The server stops half way in {SILENT}, and your program didn't give up on it. An image may take \
         `in_time::limit()`, all of it together, 1 or 2 s here. Which function of tokio takes a future and \
         drops it when its time is up?"
    )
}

fn saves_steady() -> String {
    format!(
        "An image may take `in_time::limit()`, all of it together, 1 or 2 s here. {STEADY} takes three \
         seconds, and was saved nevertheless. Does the limit begin anew with each piece? It's for the whole \
         download of one image."
    )
}

fn names_nothing() -> String {
    format!(
        "The server stops half way in {SILENT}, and no line on stderr named its link when its time was up. \
         Is the limit for one image, or for the whole album? And who prints that an image took too long?"
    )
}

fn goes_on() -> String {
    format!(
        "{SILENT} was named as failed when its time was up, and its download went on. A future that is \
         dropped ends its download. Give `timeout` that future, not the handle of a task: the task goes on \
         without its handle."
    )
}

fn obeys_the_limit(is_patient: bool) -> Expectation {
    let message = format!(
        "In another run, `in_time::limit()` was a minute, and after a few seconds your program had given up \
         {STEADY}, which takes three seconds, or {SILENT}. Does it have its own limit?"
    );
    (is_patient, message)
}

fn ends_after_failures(trouble: &Run) -> Expectation {
    let message = format!(
        "Your program gave up on {SILENT}, named what failed, but didn't end. What is it still waiting for?"
    );
    (!trouble.was_stopped(), message)
}

/// A program that waits for a piece that doesn't come must stop, too.
fn stops_in_silence(silent: &Run) -> Expectation {
    let message = format!(
        "Your program was asked to stop while {SILENT} was silent, and went on. Does each task look \
         between two pieces whether it should stop? A task that waits for the next piece doesn't look. \
         How do you wait for a piece and for `in_time::stopped()` at once?"
    );
    (!silent.was_stopped(), message)
}

fn leaves_no_half(when: &str, run: &Run, left: &[&String]) -> Expectation {
    let message = format!(
        "Your program left {} files behind {when}, for example {}: half an image, which looks like \
         a whole one. {} A future that is dropped stops at its `.await`, and no later line of it \
         runs; a `?` skips the rest, too. But in both cases the values of the function are \
         dropped. Which of them could clean up?",
        left.len(),
        left.first().map_or("none", |path| path.as_str()),
        if run.stderr.lines().any(|line| line.starts_with("dropped ")) {
            "Downloads were dropped (`dropped …` on stderr)."
        } else {
            "Not even the downloads were dropped (no line `dropped …` on stderr): `process::exit` \
             drops nothing, unlike a `main` that returns."
        },
    );
    (left.is_empty(), message)
}

fn keeps_complete(lost: Option<&str>) -> Expectation {
    let message = format!(
        "{} was complete, and in the end it isn't in downloads. What is complete stays. How does \
         the clean-up know which files are complete?",
        lost.unwrap_or("nothing"),
    );
    (lost.is_none(), message)
}
