//! Runs a submission at a gate, which shows how many requests it sends before the first response.

use super::observations::{different, images};
use super::run::Run;
use super::server::{judged, serve};
use super::submission::{Running, Submission};
use super::timeout::Timeout;
use crate::api::files;
use practice::{Observed, Release, Server, Settings};
use std::time::Duration;

/// Limits the requests for each image, on average. A run that sends more counts as endless.
const MAX_REQUESTS_PER_IMAGE: usize = 10;
/// Limits how long the first request at a gate may take.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Limits how long each further request at a gate may take.
const NEXT_REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
/// Limits how long a run may have no new request and none in flight. Beyond that, it counts as
/// stuck.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);

/// Waits for `expected` image requests, or until no more come, and then releases all of them. Returns
/// how many arrived.
pub fn gather(running: &mut Running, server: &Server, expected: usize) -> usize {
    let arrived = hold(running, server, expected);
    server.release_all(Release::Image);
    arrived
}

/// Waits for `expected` image requests, or until no more come, and leaves them held. Returns how many
/// arrived.
pub fn hold(running: &mut Running, server: &Server, expected: usize) -> usize {
    let (mut arrived, mut timeout) = (0, Timeout::new(FIRST_REQUEST_TIMEOUT));
    while arrived < expected && !running.has_ended() {
        let now = images(&server.observed()).count();
        if now > arrived {
            (arrived, timeout) = (now, Timeout::new(NEXT_REQUEST_TIMEOUT));
        } else if timeout.is_over(running, false) {
            break;
        }
    }
    arrived
}

/// What a run at a server with a gate showed.
pub struct Gathered {
    /// Image requests that arrived before the first response.
    pub at_the_gate: usize,
    /// What the run left behind.
    pub run: Run,
    /// What the server saw in the whole run.
    pub observed: Observed,
    /// The server.
    pub server: Server,
}

/// Runs a submission at a server whose gate waits for `expected` image requests. The run is stopped when
/// it is stuck.
///
/// # Errors
///
/// The run requested no image, or the same images over and over.
pub fn run_gated(
    submission: &Submission,
    settings: &Settings,
    expected: usize,
) -> Result<Gathered, String> {
    let server = serve(&judged(settings, submission))?;
    let mut running = submission.start(&server)?;
    let at_the_gate = gather(&mut running, &server, expected);
    let run = wait_while_active(running, &server, settings.images)?;
    let observed = server.observed();
    requests_images(&run, &observed)?;
    Ok(Gathered { at_the_gate, run, observed, server })
}

/// Waits until the run ends, or is stuck, or has requested an album of `images` images too often.
pub(super) fn wait_while_active(
    mut running: Running,
    server: &Server,
    images_in_album: usize,
) -> Result<Run, String> {
    let mut requests = 0;
    let mut timeout = Timeout::new(IDLE_TIMEOUT);
    while !running.has_ended() {
        let observed = server.observed();
        let now = images(&observed).count();
        if is_endless(&observed, images_in_album) {
            return Err(endless(&observed));
        }
        if now > requests {
            (requests, timeout) = (now, Timeout::new(IDLE_TIMEOUT));
        } else if timeout.is_over(&running, observed.in_flight > 0) {
            break;
        }
    }
    running.wait_for(Duration::ZERO)
}

/// Whether images have been requested so often that the run counts as endless.
pub fn is_endless(observed: &Observed, images_in_album: usize) -> bool {
    images(observed).count() > MAX_REQUESTS_PER_IMAGE * images_in_album
}

fn endless(observed: &Observed) -> String {
    format!(
        "Your program was stopped because it never came to an end: it had made {} requests for {} \
         different images, the last one for {}. A worker must remove a link from the shared queue \
         when it takes it. Does it read from a copy of the queue, look at a link without removing \
         it, or request again and again what the server has refused?",
        images(observed).count(),
        different(observed),
        images(observed).last().map_or("none", |seen| files::name(&seen.target)),
    )
}

/// An error if the run didn't request any image.
pub fn requests_images(run: &Run, observed: &Observed) -> Result<(), String> {
    if images(observed).next().is_some() {
        return Ok(());
    }
    run.succeeded()?;
    Err("Your program ended without requesting a single image. Does it wait for the threads or \
         tasks that it starts?"
        .into())
}
