//! Task 9: a download that ends early leaves no unfinished file, whatever ended it.
//!
//! The submission runs four times at the same time. On the album `trouble` one image stops halfway,
//! and the connections of others break; an image may take a second, and a minute in another run. On
//! the other album all images come over a slow link; the check waits until it sees several halves and
//! a complete image on the disk, and asks the program to stop. One server sends no response at all.

#[path = "check/stopped.rs"]
mod stopped;
#[path = "check/trouble.rs"]
mod trouble;
#[path = "check/unanswered.rs"]
mod unanswered;

use crate::judge::{
    Expectation, Run, Running, Submission, Timeout, Verdict, exits_with_failure, expect_all,
    requests_images, serve, settings,
};
use practice::{LoggedRequest, Server};
use std::time::Duration;
use stopped::{STEP_TIMEOUT, Stopped, stop};
use trouble::{SILENT, STEADY, Trouble};
use unanswered::Unanswered;

/// How long a program is idle when it has read all that the server has sent.
const READ_TIME: Duration = Duration::from_millis(300);

/// On a slow machine, a program that waits for a minute can have given up before the check looks.
const NEARLY_A_MINUTE: Duration = Duration::from_secs(50);

pub fn check(submission: &Submission) -> Verdict {
    let (server, patient) = (serve(&settings(1))?, serve(&settings(1))?);
    let trouble = Trouble::start(submission, &server, "1")?;
    let unanswered = Unanswered::start(submission)?;
    let mut waiting = Trouble::start(submission, &patient, "60")?;
    let stopped = Stopped::run(submission)?;
    let is_patient = is_patient(&mut waiting, &patient);
    let silent = stop(waiting)?;
    let trouble = Trouble::end(trouble, submission, &server)?;
    requests_images(&stopped.run, &stopped.server.observed())?;
    for run in [&stopped.run, &trouble.run] {
        // One that doesn't wait for Ctrl-C is ended by it.
        if run.code().is_some() {
            run.ended()?;
        }
    }
    expect_all([obeys_the_limit(is_patient), stopped.has_halves_on_disk()])?;
    expect_all(trouble.gives_up())?;
    expect_all([
        trouble.ends(),
        exits_with_failure(&trouble.run, "images failed"),
        unanswered.gives_up()?,
        leaves_no_half("after images had failed", &trouble.run, &trouble.halves()),
        keeps_complete(trouble.lost()),
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

/// Whether a program that may take its time gives up neither `STEADY` nor `SILENT`.
fn is_patient(running: &mut Running, server: &Server) -> bool {
    let request =
        |name: &str| server.observed().log.into_iter().find(|seen| seen.target.contains(name));
    let mut timeout = Timeout::new(STEP_TIMEOUT);
    loop {
        let has_ended = running.has_ended();
        match (request(STEADY), request(SILENT)) {
            (Some(steady), Some(silent)) if steady.finished.is_some() => {
                // A program that was late can receive all of `STEADY` at once, but not `SILENT`, which
                // must wait as long.
                let later = silent.arrived.saturating_sub(steady.arrived);
                let mut reads = Timeout::new(READ_TIME + later);
                while !reads.is_over(running, false) {}
                let waits = |silent: LoggedRequest| {
                    silent.finished.is_none_or(|end| end >= silent.arrived + NEARLY_A_MINUTE)
                };
                return steady.complete && request(SILENT).is_some_and(waits);
            }
            (None, _) | (_, None) if has_ended => return true,
            // The server notices that the program has left when it sends the next piece.
            _ if timeout.is_over(running, !has_ended) => return !has_ended,
            _ => {}
        }
    }
}

fn obeys_the_limit(is_patient: bool) -> Expectation {
    let message = format!(
        "In another run, `in_time::limit()` was a minute, but within a few seconds your program had given up \
         on {STEADY}, which takes three seconds, or on {SILENT}. Does it have its own limit?"
    );
    (is_patient, message)
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
