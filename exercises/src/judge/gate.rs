//! Runs a submission at a gate, which shows how many requests it sends without a response.

use super::observations::{different, images};
use super::run::Run;
use super::server::{gated, serve};
use super::submission::{Running, Submission};
use crate::api::files;
use practice::{Observed, Server, Settings};
use std::thread;
use std::time::{Duration, Instant};

/// Limits the requests for each image, on average. A program that sends more is in an endless loop.
const MAX_REQUESTS_PER_IMAGE: usize = 10;
/// Limits how long the first request at a gate may take.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Limits how long each further request may take.
const NEXT_REQUEST_TIMEOUT: Duration = Duration::from_secs(2);

/// Waits until this many images have been requested, or no more requests come; then opens the gate.
///
/// Returns how many requests had come.
pub fn gather(running: &mut Running, server: &Server, expected: usize) -> usize {
    let mut came = 0;
    let mut last = Instant::now();
    while came < expected && !running.has_ended() && !running.time_left().is_zero() {
        let now = images(&server.observed()).count();
        if now > came {
            (came, last) = (now, Instant::now());
        } else if last.elapsed()
            > if came > 0 { NEXT_REQUEST_TIMEOUT } else { FIRST_REQUEST_TIMEOUT }
        {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    server.open_gate();
    came
}

/// A submission's run at a server with a gate.
pub struct Gathered {
    /// How many images were requested before any response was sent.
    pub at_the_gate: usize,
    /// What the run left behind.
    pub run: Run,
    /// The server, which has observed the run.
    pub server: Server,
}

/// Runs a submission that should have `workers` requests at the gate, with further environment
/// variables. It is an error if it sends no request, or does not end.
///
/// The gate is wider by one, so that it does not open by itself for a correct submission.
pub fn run_gated(
    submission: &Submission,
    variables: &[(&str, &str)],
    settings: &Settings,
    workers: usize,
) -> Result<Gathered, String> {
    let server = serve(&gated(settings, workers + 1))?;
    let mut running = submission.start_with(&server, variables)?;
    let at_the_gate = gather(&mut running, &server, workers);
    let max = MAX_REQUESTS_PER_IMAGE * settings.images;
    while !running.has_ended() && !running.time_left().is_zero() {
        if images(&server.observed()).count() > max {
            drop(running.wait_for(Duration::ZERO)?);
            return Err(endless(&server.observed()));
        }
        thread::sleep(Duration::from_millis(20));
    }
    let run = running.wait()?;
    run.ended()?;
    if at_the_gate == 0 {
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    Ok(Gathered { at_the_gate, run, server })
}

/// The message for a submission in an endless loop.
fn endless(observed: &Observed) -> String {
    let asked: Vec<_> = images(observed).map(|seen| &seen.target).collect();
    let last = asked.last().map_or("", |target| files::name(target));
    format!(
        "Your program was stopped, since it found no end: it had asked {} times for {} different images, \
         the last time for {last}. Whoever takes a link from the queue has to take it away, for all \
         workers. Does it look at a copy of the queue, or at a link that stays?",
        asked.len(),
        different(observed),
    )
}
