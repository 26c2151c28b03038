//! A run at a server that sends no response to any request for an image.

use super::stopped::STEP_TIMEOUT;
use crate::judge::{Expectation, Running, Submission, gated, serve, settings};
use practice::Server;

/// The images in the album.
const IMAGES: usize = 3;

/// A program that waits for its first response.
pub struct Unanswered {
    running: Running,
    /// Dropping it would close the connections.
    _server: Server,
}

impl Unanswered {
    pub fn start(submission: &Submission) -> Result<Self, String> {
        let server = serve(&gated(&settings(IMAGES)))?;
        let running = submission.start_with(&server, &[("LIMIT", "1")])?;
        Ok(Self { running, _server: server })
    }

    /// The program ends by itself, with a failure.
    pub fn gives_up(self) -> Result<Expectation, String> {
        let run = self.running.wait_for(STEP_TIMEOUT)?;
        let message = format!(
            "In another run, the server sent no response to any request for an image, and your program {}. \
             `in_time::limit()` is for the whole image, and that includes the wait for the response in \
             `in_time::open`. What does your limit cover?",
            if run.was_stopped() { "went on waiting" } else { "ended with exit code 0" },
        );
        Ok((!run.was_stopped() && run.code() != Some(0), message))
    }
}
