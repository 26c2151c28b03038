//! Task 9: a download that ends early leaves no unfinished file, whatever ended it.
//!
//! The submission runs three times at the same time. On the album `trouble` one image stops halfway,
//! and the connections of others break; an image may take a second, and a minute in another run. On
//! the other album all images come over a slow link; the check waits until it sees several halves and
//! a complete image on the disk, and asks the program to stop.

use crate::judge::{
    Expectation, Run, Running, Submission, Timeout, Verdict, exits_with_failure, expect_all, gated,
    gather, requests_images, saved_all, serve, settings,
};
use crate::{blocking, files};
use practice::{Server, Settings};
use std::collections::BTreeMap;
use std::time::Duration;

/// Images in the other album. The first one is small, so it is complete long before the others.
const IMAGES: usize = 8;
/// In bytes per second. All images together take five seconds.
const LINK_RATE: u64 = 300_000;
/// How many halves must be on the disk at the same time. One could be there by chance.
const HALVES: usize = 3;
/// Limits how long the next step of a run may take.
const STEP_TIMEOUT: Duration = Duration::from_secs(4);
/// How often a run is repeated.
const MAX_REPEATS: usize = 2;
/// Limits how long a program may take to end after Ctrl-C.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

const SILENT: &str = "goes-silent.png";
/// The server sends all of this image, but takes longer than an image may.
const STEADY: &str = "slow-but-steady.png";
const FINE: [&str; 2] = ["healthy.png", "numbered.png"];

pub fn check(submission: &Submission) -> Verdict {
    let (server, patient) = (serve(&settings(1))?, serve(&settings(1))?);
    let list = format!("{}/album/{}/images", server.api_url(), practice::TROUBLE);
    let links = blocking::list(&list, "Client-ID check").map_err(|error| error.to_string())?;

    let album = ("ALBUM", practice::TROUBLE);
    let limited = |limit| submission.start_with(&server, &[album, ("LIMIT", limit)]);
    let trouble = limited("1")?;
    let mut waiting = submission.start_with(&patient, &[album, ("LIMIT", "60")])?;
    let stopped = Stopped::run(submission)?;
    let is_patient = receives_steady(&mut waiting, &patient);
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

/// Whether a program that may take its time doesn't give up `STEADY`.
fn receives_steady(running: &mut Running, server: &Server) -> bool {
    let mut timeout = Timeout::new(STEP_TIMEOUT);
    loop {
        let has_ended = running.has_ended();
        let log = server.observed().log;
        match log.iter().find(|seen| seen.target.contains(STEADY)) {
            Some(seen) if seen.finished.is_some() => return seen.complete,
            None if has_ended => return true,
            // The server notices that the program has left when it sends the next piece.
            _ if timeout.is_over(running, !has_ended) => return !has_ended,
            _ => {}
        }
    }
}

/// Asks a program to stop, and waits for its end.
fn stop(mut running: Running) -> Result<Run, String> {
    if !running.has_ended() {
        running.interrupt().map_err(|error| error.to_string())?;
    }
    running.wait_for(STOP_TIMEOUT)
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
    let line = |start: &str, part: &str| {
        trouble.stderr.lines().position(|line| line.starts_with(start) && line.contains(part))
    };
    let failed = line("", &format!("/trouble/{SILENT}"));
    let dropped = line(&format!("dropped {SILENT}"), "");
    let is_ended = dropped.is_some_and(|dropped| failed.is_some_and(|failed| dropped < failed));
    let is_steady_saved = no_halves && is_saved(trouble, STEADY);
    [
        (!trouble.was_stopped() || failed.is_some(), waits_for_ever()),
        (!is_steady_saved, saves_steady()),
        (failed.is_some(), names_nothing()),
        (is_ended, goes_on()),
    ]
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
        "In another run, `in_time::limit()` was a minute, and your program gave up {STEADY}, which \
         takes three seconds. Does it have its own limit?"
    );
    (is_patient, message)
}

fn ends_after_failures(trouble: &Run) -> Expectation {
    let message = format!(
        "Your program gave up on {SILENT}, named what failed, and didn't end. What does it still wait for?"
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

/// A run that was asked to stop.
struct Stopped {
    /// Image requests that came before the first response.
    at_the_gate: usize,
    /// The largest number of halves that were on the disk at the same time.
    halves: usize,
    /// Paths of complete images, before the program was asked to stop.
    complete: Vec<String>,
    run: Run,
    server: Server,
}

impl Stopped {
    /// A run that was asked to stop when it was too late is repeated.
    fn run(submission: &Submission) -> Result<Self, String> {
        let mut repeats = 0..MAX_REPEATS;
        loop {
            let (stopped, was_late) = Self::run_once(submission)?;
            if !was_late || repeats.next().is_none() {
                return Ok(stopped);
            }
        }
    }

    /// Also returns whether the server had sent all images.
    fn run_once(submission: &Submission) -> Result<(Self, bool), String> {
        let settings = Settings { link_rate: Some(LINK_RATE), ..settings(IMAGES) };
        let server = serve(&gated(&settings))?;
        // With a limit of 60 s, no download times out.
        let mut running = submission.start_with(&server, &[("LIMIT", "60")])?;
        let at_the_gate = gather(&mut running, &server, IMAGES);
        let (halves, complete) =
            if at_the_gate < IMAGES { (0, Vec::new()) } else { watch(&mut running, &server) };
        let was_late = halves >= HALVES && server.in_flight() == 0;
        let run = stop(running)?;
        Ok((Self { at_the_gate, halves, complete, run, server }, was_late))
    }

    fn has_halves_on_disk(&self) -> Expectation {
        let message = format!(
            "Before the first response, {} of {IMAGES} requests came, and later the check saw at \
             most {} unfinished files at a time, although the link is slow. All images should be on \
             their way at the same time, as in the starter, and each piece be written when it \
             comes: an album may be larger than the memory.",
            self.at_the_gate, self.halves
        );
        (self.at_the_gate >= IMAGES && self.halves >= HALVES, message)
    }

    fn stops(&self) -> Expectation {
        let code = self.run.code();
        let message = format!(
            "Your program was asked to stop while images were on their way, and {}. It should end \
             soon, and with an exit code other than 0, because the album isn't complete. \
             `in_time::stopped()` is done when the program must stop. How do you wait for two \
             things, and go on when the first of them is done?",
            match code {
                Some(code) => format!("ended with exit code {code}"),
                None if self.run.was_stopped() => "went on".into(),
                None => "was ended by the signal itself, before it could do anything".into(),
            },
        );
        let is_complete = saved_all(&self.run, &self.server).0;
        (!is_complete && code.is_some_and(|code| code != 0), message)
    }

    /// The files that are neither complete images nor the check's own file.
    fn left(&self) -> Vec<&String> {
        let is_left =
            |path: &&String| *path != "stop" && !is_complete(path, &self.run.files, &self.server);
        self.run.files.keys().filter(is_left).collect()
    }

    fn lost(&self) -> Option<&str> {
        let mut complete = self.complete.iter().map(String::as_str);
        complete.find(|path| !self.run.files.contains_key(*path))
    }
}

/// Waits until enough halves and a complete image are on the disk. Returns the maximum number of
/// halves, and the paths of the complete images.
fn watch(running: &mut Running, server: &Server) -> (usize, Vec<String>) {
    let mut timeout = Timeout::new(STEP_TIMEOUT);
    let mut max = 0;
    loop {
        let is_over = running.has_ended() || timeout.is_over(running, false);
        let files = running.files();
        let complete: Vec<_> =
            files.keys().filter(|path| is_complete(path, &files, server)).cloned().collect();
        max = max.max(files.values().filter(|bytes| is_half(bytes, server)).count());
        if is_over || (max >= HALVES && !complete.is_empty()) {
            return (max, complete);
        }
    }
}

/// Whether these are the first bytes of an image, but not all. A hundred are too few, because
/// they're the same in all images.
fn is_half(bytes: &[u8], server: &Server) -> bool {
    let mut images = server.names().into_iter().filter_map(|name| server.file(&name));
    let begins = images.any(|image| image.starts_with(bytes) && image.len() > bytes.len());
    bytes.len() > 100 && begins
}

/// Whether the file at this path is an image of the album, byte for byte.
fn is_complete(path: &str, files: &BTreeMap<String, Vec<u8>>, server: &Server) -> bool {
    let image = path.strip_prefix("downloads/").and_then(|name| server.file(name));
    image.is_some_and(|image| files.get(path).is_some_and(|bytes| **bytes == *image))
}
