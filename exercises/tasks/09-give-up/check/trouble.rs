//! A run on the album `trouble`, where an image may take one second, or two if the run is repeated.

use super::stopped::{MAX_REPEATS, STEP_TIMEOUT};
use crate::judge::{Expectation, Run, Running, Submission};
use crate::{blocking, files};
use practice::Server;

/// The server stops halfway in this image.
pub const SILENT: &str = "goes-silent.png";
/// The server sends all of this image, but takes longer than an image may.
pub const STEADY: &str = "slow-but-steady.png";
/// The server ends these halfway, too.
const CUT: [&str; 2] = ["cut-short.png", "chunks-cut.png"];
/// The server sends these completely, and in no time.
const FINE: [&str; 2] = ["healthy.png", "numbered.png"];

/// A run that has ended, or was stopped.
pub struct Trouble {
    pub run: Run,
    /// All links of the album.
    links: Vec<String>,
}

impl Trouble {
    /// Starts the submission. An image may take `limit` seconds.
    pub fn start(submission: &Submission, server: &Server, limit: &str) -> Result<Running, String> {
        submission.start_with(server, &[("ALBUM", practice::TROUBLE), ("LIMIT", limit)])
    }

    /// Waits for its end. On a busy machine, a program can be late by more than the limit, so a run
    /// whose limit wasn't kept is repeated with another limit.
    pub fn end(running: Running, submission: &Submission, server: &Server) -> Result<Self, String> {
        let list = format!("{}/album/{}/images", server.api_url(), practice::TROUBLE);
        let links = blocking::list(&list, "Client-ID check").map_err(|error| error.to_string())?;
        let mut trouble = Self { run: running.wait_for(STEP_TIMEOUT)?, links };
        for _ in 0..MAX_REPEATS {
            if trouble.gives_up().iter().all(|(is_met, _)| *is_met) {
                break;
            }
            let again = Self::start(submission, server, "2")?;
            trouble.run = again.wait_for(STEP_TIMEOUT)?;
        }
        Ok(trouble)
    }

    /// The time limit of one image ends its download, and nothing else.
    pub fn gives_up(&self) -> [Expectation; 4] {
        let failed = self.line_of("", &format!("/trouble/{SILENT}"));
        let dropped = self.line_of(&format!("dropped {SILENT}"), "");
        let is_ended = dropped.is_some_and(|dropped| failed.is_some_and(|failed| dropped < failed));
        // If halves are left, the file may be one of them.
        let is_steady_saved = self.halves().is_empty() && self.run.saved(STEADY).is_some();
        [
            (!self.run.was_stopped() || failed.is_some(), waits_for_ever()),
            (failed.is_none() || is_ended, goes_on()),
            (!is_steady_saved, saves_steady()),
            (failed.is_some(), names_nothing()),
        ]
    }

    pub fn ends(&self) -> Expectation {
        let message = format!(
            "Your program gave up on {SILENT}, named what failed, but didn't end. What is it still \
             waiting for?"
        );
        (!self.run.was_stopped(), message)
    }

    /// The files that can't be complete images.
    pub fn halves(&self) -> Vec<&String> {
        self.run.files.keys().filter(|path| !self.may_be_complete(path)).collect()
    }

    /// An image that was neither saved nor named as failed, although the server sends it at once. (On a
    /// slow disk, it can take longer than it may.)
    pub fn lost(&self) -> Option<&str> {
        let is_given_up = |name| self.line_of("", &format!("/trouble/{name}")).is_some();
        FINE.into_iter().find(|name| self.run.saved(name).is_none() && !is_given_up(*name))
    }

    /// Whether this is the path of an image that the server sends completely.
    fn may_be_complete(&self, path: &str) -> bool {
        let name = path.strip_prefix("downloads/").unwrap_or_default();
        let is_image = self.links.iter().any(|link| name == files::name(link));
        is_image && name != SILENT && !CUT.contains(&name)
    }

    /// The index of the line on stderr with this start and this part.
    fn line_of(&self, start: &str, part: &str) -> Option<usize> {
        let mut lines = self.run.stderr.lines();
        lines.position(|line| line.starts_with(start) && line.contains(part))
    }
}

fn waits_for_ever() -> String {
    format!(
        "The server stops half way in {SILENT}, and your program didn't give up on it. The whole \
         image may take no longer than `in_time::limit()`, 1 or 2 s here. Which function of tokio takes a \
         future and drops it when its time is up?"
    )
}

fn saves_steady() -> String {
    format!(
        "A whole image may take no longer than `in_time::limit()`, 1 or 2 s here. {STEADY} takes three \
         seconds, and was saved anyway. Does the limit start over with each piece? It must cover the whole \
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
        "{SILENT} was named as failed when its time was up, and its download went on. Dropping the \
         future of a download ends it. Give `timeout` that future, not the handle of a task: a task goes on \
         when its handle is dropped."
    )
}
