//! Runs a submission at a server that fails for one image, or names a wrong size for it.

use super::guided::Guided;
use super::run::Run;
use super::submission::Submission;
use practice::{Held, Release, Settings};
use std::collections::HashMap;
use std::thread;

/// Statuses that no retry changes.
const PERMANENT: [u16; 4] = [403, 404, 410, 451];

/// Limits how often the judge looks which thread waits for which response.
const MAX_LOOKS: usize = 10;

/// Runs a submission once for each of its first `width` requests. The image of this request fails
/// with a permanent status, and all others succeed.
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
    let mut run = Guided::start(submission, settings)?;
    let status = PERMANENT[submission.random().usize(..PERMANENT.len())];
    run.comes(|run| run.server.held().len() >= width);
    let names = run.server.names();
    let held = by_thread(&mut run, &names);
    let failing = held.get(index).map_or(&names[index], |held| &held.name);
    // The failure comes first: a later success must not hide it.
    for held in held.iter().filter(|held| held.name == *failing) {
        run.server.release(held.id, Release::Status(status));
    }
    run.react();
    let ended =
        run.end_with(
            |held| {
                if held.name == *failing { Release::Status(status) } else { Release::Image }
            },
        )?;
    Ok(ended.run)
}

/// The held requests in the order in which their threads were started: in each run, another one has the
/// failure. Tasks have about the same images in every run, so they are in the order of the album.
fn by_thread(run: &mut Guided, names: &[String]) -> Vec<Held> {
    let place = |held: &Held| names.iter().position(|name| *name == held.name);
    let mut requests = Vec::new();
    for _ in 0..MAX_LOOKS {
        run.react();
        let held = run.server.held().into_iter();
        requests = held.map(|held| (run.thread_of(&held), place(&held), held)).collect();
        // On a busy machine, a thread may not wait yet.
        let waiting = requests.iter().filter(|(thread, ..)| thread.is_some()).count();
        if waiting == 0 || waiting == requests.len() {
            break;
        }
    }
    requests.sort_by_key(|(thread, place, _)| (*thread, *place));
    requests.into_iter().map(|(.., held)| held).collect()
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
    let run = Guided::start(submission, settings)?;
    let mut names = run.server.names();
    let name = names.swap_remove(submission.random().usize(..names.len()));
    let sizes = run.server.names().into_iter().map(|name| {
        let size = run.server.file(&name).map_or(0, |file| file.len());
        (name, size)
    });
    let mut sizes: HashMap<String, usize> = sizes.collect();
    *sizes.entry(name.clone()).or_default() += 1;
    let ended =
        run.end_with(|held| Release::Size(sizes.get(&held.name).copied().unwrap_or_default()))?;
    Ok((ended.run, name))
}
