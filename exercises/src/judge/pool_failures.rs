//! Runs of a pool of workers in which downloads fail, or saving does, and what is expected of them.

use super::expectations::{Expectation, does_not_panic, expect_all};
use super::guided::{Ended, Guided};
use super::observations::{different, images};
use super::run::Run;
use super::submission::Submission;
use practice::{Held, Observed, Release, Settings};
use std::thread;

/// Statuses that no retry changes.
const PERMANENT: [u16; 4] = [403, 404, 410, 451];

/// Limits how often the judge looks which thread waits for which response.
const MAX_LOOKS: usize = 10;

/// What fails in a run.
#[derive(Clone, Copy, PartialEq)]
enum Failure {
    /// The download of one image.
    Download,
    /// Saving one image.
    Save,
    /// The downloads of all images.
    AllDownloads,
}

impl Failure {
    /// Ends a sentence that begins with "In a run".
    fn when(self) -> &'static str {
        match self {
            Self::Download => "in which one image could not be downloaded",
            Self::Save => "in which one image could not be saved",
            Self::AllDownloads => "in which no image could be downloaded",
        }
    }
}

/// A run in which something has failed.
struct Failed {
    failure: Failure,
    run: Run,
    observed: Observed,
}

/// Runs a submission once for each of its first `width` requests. The image of this request fails
/// with a permanent status, and all others succeed.
///
/// In one more run, all images fail. If the submission `saves` images, there's another run in which one of
/// them can't be saved. Each of these runs must end with a failure and without a panic, request no image
/// twice, and have at most `limit` requests in flight.
///
/// # Errors
///
/// The message of the first expectation that isn't met, or a run could not be started.
pub fn fails_loudly(
    submission: &Submission,
    settings: &Settings,
    width: usize,
    limit: usize,
    saves: bool,
) -> Result<(), String> {
    let runs = run_all(submission, settings, width, saves)?;
    for failure in [Failure::Download, Failure::AllDownloads, Failure::Save] {
        let runs: Vec<_> = runs.iter().filter(|run| run.failure == failure).collect();
        for run in &runs {
            expect_all([does_not_panic(&run.run, &format!("in a run {}", failure.when()))])?;
            if !run.run.was_stopped() {
                run.run.ended()?;
            }
        }
        expect_all([
            does_not_retry(failure, &runs),
            ends_after(failure, &runs),
            reports(failure, &runs),
            keeps_the_limit(failure, &runs, limit),
        ])?;
    }
    Ok(())
}

fn run_all(
    submission: &Submission,
    settings: &Settings,
    width: usize,
    saves: bool,
) -> Result<Vec<Failed>, String> {
    let one = (0..width).map(|index| (Failure::Download, index));
    let others =
        [(Failure::AllDownloads, 0)].into_iter().chain(saves.then_some((Failure::Save, 0)));
    thread::scope(|scope| {
        let start = |(failure, index)| {
            scope.spawn(move || {
                let ended = match failure {
                    Failure::Download => run_with_failure(submission, settings, width, index),
                    Failure::Save => run_with_save_error(submission, settings),
                    Failure::AllDownloads => {
                        let status = permanent(submission);
                        Guided::start(submission, settings)?.end_with(|_| Release::Status(status))
                    }
                };
                ended.map(|Ended { run, observed, .. }| Failed { failure, run, observed })
            })
        };
        let runs: Vec<_> = one.chain(others).map(start).collect();
        runs.into_iter().map(|run| run.join().expect("no run panics")).collect()
    })
}

/// A status that no retry changes, drawn at random.
pub fn permanent(submission: &Submission) -> u16 {
    PERMANENT[submission.random().usize(..PERMANENT.len())]
}

fn run_with_failure(
    submission: &Submission,
    settings: &Settings,
    width: usize,
    index: usize,
) -> Result<Ended, String> {
    let mut run = Guided::start(submission, settings)?;
    let status = permanent(submission);
    run.comes(|run| run.server.held().len() >= width);
    let names = run.server.names();
    let held = by_thread(&mut run, &names);
    let failing = held.get(index).map_or(&names[index], |held| &held.name);
    // The failure comes first: a later success must not hide it.
    for held in held.iter().filter(|held| held.name == *failing) {
        run.server.release(held.id, Release::Status(status));
    }
    run.react();
    run.end_with(
        |held| {
            if held.name == *failing { Release::Status(status) } else { Release::Image }
        },
    )
}

/// A run in which one image, chosen at random, can't be saved because a folder has its name.
fn run_with_save_error(submission: &Submission, settings: &Settings) -> Result<Ended, String> {
    let run = Guided::start(submission, settings)?;
    let unsaved = submission.random().usize(..settings.images);
    run.keep_from_saving(&run.server.names()[unsaved])?;
    run.end_with(|_| Release::Image)
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

fn ends_after(failure: Failure, runs: &[&Failed]) -> Expectation {
    let stuck = runs.iter().filter(|it| it.run.was_stopped()).count();
    let message = format!(
        "{}, your program did not end, and was stopped. Is something waiting for a failed download, or for \
         a worker that ended with an error?",
        in_so_many(stuck, runs.len(), failure)
    );
    (stuck == 0, message)
}

fn reports(failure: Failure, runs: &[&Failed]) -> Expectation {
    let silent = runs.iter().filter(|it| it.run.code() == Some(0)).count();
    let hint = match failure {
        Failure::Download => {
            "Every download counts, not only the last one or those of the last worker you join, and a \
             later success must not replace an error. Return the error from `main`."
        }
        Failure::AllDownloads => "Return an error from `main`.",
        Failure::Save => "`save` returns an error, too. What becomes of it?",
    };
    let message = format!(
        "{}, your program ended with exit code 0. {hint}",
        in_so_many(silent, runs.len(), failure)
    );
    (silent == 0, message)
}

fn in_so_many(count: usize, all: usize, failure: Failure) -> String {
    let when = failure.when();
    if all == 1 { format!("In a run {when}") } else { format!("In {count} of {all} runs {when}") }
}

fn does_not_retry(failure: Failure, runs: &[&Failed]) -> Expectation {
    let again = |it: &&Failed| images(&it.observed).count() - different(&it.observed);
    let again = runs.iter().map(again).max().unwrap_or_default();
    let message = format!(
        "In a run {}, {again} requests were for images that had already been requested. Here, each image \
         is requested once, and a failure is final: if a failed link goes back into the queue, it can keep \
         all workers busy. (Task 11 is about when a retry helps.)",
        failure.when()
    );
    (again == 0, message)
}

fn keeps_the_limit(failure: Failure, runs: &[&Failed], limit: usize) -> Expectation {
    let peak = runs.iter().map(|it| it.observed.peak_in_flight).max().unwrap_or_default();
    let message = format!(
        "In a run {}, {peak} requests were in flight at the same time; the limit is {limit}. Before the \
         failure, your program kept within it. What does your program do after an error that it doesn't do \
         otherwise?",
        failure.when()
    );
    (peak <= limit, message)
}
