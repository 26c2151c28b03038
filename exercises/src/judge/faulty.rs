//! Runs a submission at a server that fails for one image, or names a wrong size for it.

use super::run::Run;
use super::steps::{FIRST_TIMEOUT, NEXT_TIMEOUT, Order, POLL_INTERVAL, STEP_TIME, Steps};
use super::submission::Submission;
use practice::{Held, Release, Settings};
use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

/// Statuses that no retry changes.
const PERMANENT: [u16; 4] = [403, 404, 410, 451];

/// Runs a submission once for each of the first `width` images. This image fails with a permanent
/// status, and all others succeed. The runs are in the order of the images.
///
/// # Errors
///
/// A run could not be started.
pub fn run_with_failures(
    submission: &Submission,
    settings: &Settings,
    width: usize,
) -> Result<Vec<Run>, String> {
    thread::scope(|scope| {
        let runs: Vec<_> = (0..width)
            .map(|index| scope.spawn(move || run_with_failure(submission, settings, width, index)))
            .collect();
        runs.into_iter().map(|run| run.join().expect("no run panics")).collect()
    })
}

fn run_with_failure(
    submission: &Submission,
    settings: &Settings,
    width: usize,
    index: usize,
) -> Result<Run, String> {
    let mut steps = Steps::start(submission, settings, Order::Newest)?;
    let status = PERMANENT[submission.random().usize(..PERMANENT.len())];
    steps.arrive(width, FIRST_TIMEOUT);
    let failing = steps.server.names().swap_remove(index);
    // The failure comes first: a later success must not hide it.
    for held in steps.server.held().iter().filter(|held| held.name == failing) {
        steps.server.release(held.id, Release::Status(status));
    }
    steps.settle(4 * STEP_TIME);
    release_as_they_come(steps, |held| {
        if held.name == failing { Release::Status(status) } else { Release::Image }
    })
}

/// Runs a submission at a server whose response to HEAD names a wrong size for one image. Returns
/// the run and the name of the image.
///
/// # Errors
///
/// The run could not be started.
pub fn run_with_false_size(
    submission: &Submission,
    settings: &Settings,
) -> Result<(Run, String), String> {
    let steps = Steps::start(submission, settings, Order::Newest)?;
    let mut names = steps.server.names();
    let name = names.swap_remove(submission.random().usize(..names.len()));
    let sizes = steps.server.names().into_iter().map(|name| {
        let size = steps.server.file(&name).map_or(0, |file| file.len());
        (name, size)
    });
    let mut sizes: HashMap<String, usize> = sizes.collect();
    *sizes.entry(name.clone()).or_default() += 1;
    let run = release_as_they_come(steps, |held| {
        Release::Size(sizes.get(&held.name).copied().unwrap_or_default())
    })?;
    Ok((run, name))
}

/// Releases each request when it arrives, until the run ends or no more come.
fn release_as_they_come(
    mut steps: Steps,
    release: impl Fn(&Held) -> Release,
) -> Result<Run, String> {
    let mut active = Instant::now();
    while !steps.running.has_ended() && active.elapsed() < NEXT_TIMEOUT {
        for held in steps.server.held() {
            steps.server.release(held.id, release(&held));
            active = Instant::now();
        }
        thread::sleep(POLL_INTERVAL);
    }
    steps.running.wait_for(Duration::ZERO)
}
