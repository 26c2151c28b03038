//! A run that is asked to stop while images are on their way.

use crate::judge::{
    Expectation, Run, Running, Submission, Timeout, gated, gather, saved_all, serve, settings,
};
use practice::{Server, Settings};
use std::collections::BTreeMap;
use std::time::Duration;

/// Images in the other album. The first one is small, so it is complete long before the others.
const IMAGES: usize = 8;
/// In bytes per second. All images together take five seconds.
const LINK_RATE: u64 = 300_000;
/// How many halves must be on the disk at the same time. One could be there by chance.
const HALVES: usize = 3;
/// Limits how long a program may take to end after Ctrl-C.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// Limits how long the next step of a run may take.
pub const STEP_TIMEOUT: Duration = Duration::from_secs(4);
/// How often a run is repeated.
pub const MAX_REPEATS: usize = 2;

/// A run that was asked to stop.
pub struct Stopped {
    /// Image requests that came before the first response.
    at_the_gate: usize,
    /// The largest number of halves that were on the disk at the same time.
    pub halves: usize,
    /// Paths of complete images, before the program was asked to stop.
    complete: Vec<String>,
    pub run: Run,
    pub server: Server,
}

impl Stopped {
    /// A run that was asked to stop when it was too late is repeated.
    pub fn run(submission: &Submission) -> Result<Self, String> {
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

    pub fn has_halves_on_disk(&self) -> Expectation {
        let message = format!(
            "Before the first response, {} of {IMAGES} requests came, and later the check saw at \
             most {} unfinished files at a time, although the link is slow. All images should be on \
             their way at the same time, as in the starter, and each piece be written when it \
             comes: an album may be larger than the memory.",
            self.at_the_gate, self.halves
        );
        (self.at_the_gate >= IMAGES && self.halves >= HALVES, message)
    }

    pub fn stops(&self) -> Expectation {
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
    pub fn left(&self) -> Vec<&String> {
        let is_left =
            |path: &&String| *path != "stop" && !is_complete(path, &self.run.files, &self.server);
        self.run.files.keys().filter(is_left).collect()
    }

    pub fn lost(&self) -> Option<&str> {
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

/// Asks a program to stop, and waits for its end.
pub fn stop(mut running: Running) -> Result<Run, String> {
    if !running.has_ended() {
        running.interrupt().map_err(|error| error.to_string())?;
    }
    running.wait_for(STOP_TIMEOUT)
}
