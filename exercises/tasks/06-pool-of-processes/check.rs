//! Task 6: two processes download, each of them crashes at its fourth image, and nothing is lost.
//!
//! Each process puts its id into the header User-Agent, so the server can tell processes apart. No
//! worker survives its fourth image (`frail`). In a third run, the judge ends a worker, and the one that
//! takes over its image.

#[path = "check/deaths.rs"]
mod deaths;

use crate::frail;
use crate::judge::{
    Expectation, Order, Run, Stepped, Submission, Verdict, at_most, different, drawn, expect_all,
    images, saved_all, step_with_losses,
};
use practice::{Observed, Settings};
use std::collections::{BTreeMap, BTreeSet};

const WORKERS: usize = 2;

pub fn check(submission: &Submission) -> Verdict {
    // No worker saves more than three images, so at least two workers crash.
    let settings = drawn(submission, 12..=16);
    // One worker goes on while the other one waits; then they take turns, and crash together.
    steps(submission, &settings, Order::Newest)?;
    let observed = steps(submission, &settings, Order::Rounds)?;
    let mut survived = "";
    if cfg!(unix) {
        deaths::survives(submission, &settings)?;
        survived = " In another run, two workers in turn were ended while they downloaded the same image, \
                  and it was still saved.";
    }
    Ok(format!(
        "In two runs, two requests were in flight, from two processes, until the last of {} images. \
         {observed}{survived}",
        settings.images,
    ))
}

/// Steps through the album. Returns what was observed.
fn steps(submission: &Submission, settings: &Settings, order: Order) -> Verdict {
    let stepped = step_with_losses(submission, settings, WORKERS, order, &lost)?;
    let (run, observed) = (&stepped.run, &stepped.observed);
    let processes = Processes::seen(observed, settings.images);
    expect_all([
        does_not_panic(run),
        processes.are_two_workers(stepped.first),
        processes.crash(),
        at_most(observed, WORKERS),
        processes.request_all(),
        retries_lost_images(run, stepped.server.names()),
        ends(run),
        processes.all_crash(),
        stay_two(&stepped),
    ])?;
    run.succeeded()?;
    expect_all([saved_all(run, &stepped.server)])?;
    Ok(format!(
        "{} of {} processes crashed, each at an image that another one then saved.",
        processes.crashed(),
        processes.requests.len()
    ))
}

/// How many images were lost with their workers and have not been requested again, once the server responds
/// to the request with this id: a worker crashes after its fourth response.
fn lost(observed: &Observed, id: usize) -> usize {
    let mut requests = BTreeMap::<&str, usize>::new();
    let mut lost = BTreeSet::new();
    for (index, seen) in observed.log.iter().enumerate().filter(|(_, seen)| seen.attempt > 0) {
        let _ = lost.remove(&seen.target);
        let requests = requests.entry(&seen.user_agent).or_default();
        *requests += 1;
        if *requests > frail::LIFE && (seen.finished.is_some() || index + 1 == id) {
            let _ = lost.insert(&seen.target);
        }
    }
    lost.len()
}

/// The processes that requested images, as the server saw them.
struct Processes<'a> {
    /// Image requests of each process, by its User-Agent.
    requests: BTreeMap<&'a str, usize>,
    /// The processes of the first two image requests.
    first: BTreeSet<&'a str>,
    /// Image requests of the process that requested the list.
    own: usize,
    /// Different images that were requested, and images in the album.
    images: usize,
    of: usize,
}

impl<'a> Processes<'a> {
    fn seen(observed: &'a Observed, of: usize) -> Self {
        let mut requests = BTreeMap::new();
        for seen in images(observed) {
            *requests.entry(seen.user_agent.as_str()).or_default() += 1;
        }
        let list = observed.log.iter().find(|seen| seen.attempt == 0);
        let own = list.and_then(|list| requests.get(list.user_agent.as_str()).copied());
        let first = images(observed).take(WORKERS).map(|seen| seen.user_agent.as_str()).collect();
        Self { requests, first, own: own.unwrap_or_default(), images: different(observed), of }
    }

    fn crashed(&self) -> usize {
        self.requests.values().filter(|requests| **requests > frail::LIFE).count()
    }

    fn are_two_workers(&self, at_the_gate: usize) -> Expectation {
        let message = format!(
            "Two worker processes should download at the same time. Before the first response, \
             {at_the_gate} of {WORKERS} requests came. Processes that sent the first two requests: \
             {}; images that your program requested itself, instead of a worker: {}. A thread that \
             hands a link to a worker waits for its result: how many such threads do you need?",
            self.first.len(),
            self.own
        );
        (at_the_gate >= WORKERS && self.first.len() == WORKERS && self.own == 0, message)
    }

    fn crash(&self) -> Expectation {
        let max = self.requests.values().copied().max().unwrap_or_default();
        let message = format!(
            "A worker should live until it crashes, at its fourth image. There were {} workers, \
             and none of them requested more than {max} images. A new process for every image or \
             two costs time, and a worker without the bug proves nothing: you can't fix the bugs \
             of code that isn't yours. Let the workers call `frail::download`, and let the pool \
             survive it.",
            self.requests.len()
        );
        (max == frail::LIFE + 1, message)
    }

    fn request_all(&self) -> Expectation {
        let requests: usize = self.requests.values().sum();
        let crashed = self.crashed();
        let message = format!(
            "{requests} requests for {} of {} images, and {crashed} workers crashed. Each \
             image should be requested once, and once more if its worker crashed. If images are \
             missing: when `download` returns an error, the worker is dead, and a new one must \
             replace it. If there are too many requests: all workers should be served from one \
             queue.",
            self.images, self.of
        );
        (self.images == self.of && requests <= self.of + crashed, message)
    }

    /// At the end, two workers are alive. All others have crashed.
    fn all_crash(&self) -> Expectation {
        let others = self.requests.len() - self.crashed();
        let message = format!(
            "{others} workers ended before their fourth image. A worker that takes over from a dead one \
             should live until it crashes itself: starting a process costs more than an image."
        );
        (others <= WORKERS, message)
    }
}

/// As long as there are images left, two requests are in flight.
fn stay_two(stepped: &Stepped) -> Expectation {
    let Some(stall) = stepped.stall else { return (true, String::new()) };
    let message = format!(
        "After response {}, {} requests were in flight instead of {}, and no other one came, although \
         {} images had not been requested yet, or had been lost with their worker. Did a worker die \
         without being replaced, or is the list split in two beforehand? Both workers should take \
         links from one list until it is empty, and a lost image shouldn't have to wait.",
        stall.released,
        stall.in_flight,
        WORKERS.min(stall.in_flight + stall.left),
        stall.left,
    );
    (false, message)
}

fn does_not_panic(run: &Run) -> Expectation {
    let panic = run.ended().err().unwrap_or_default();
    let message = format!(
        "{panic} A worker that dies isn't a bug in your pool: it's to be expected. `download` \
         returns an `Err`. What a worker prints on stdout goes to its parent, as a result; use \
         `eprintln!` for what you want to read yourself."
    );
    (run.code() != Some(101), message)
}

fn retries_lost_images(run: &Run, names: Vec<String>) -> Expectation {
    let is_saved = |name: &String| run.saved(name).is_some();
    let lost: Vec<_> = names.into_iter().filter(|name| !is_saved(name)).collect();
    let message = format!(
        "{} images are missing, for example {}: a worker requested it and crashed \
         before it was saved, and no other worker got it. Which thread knows the image of a dead \
         worker?",
        lost.len(),
        lost.first().map_or("none", String::as_str),
    );
    (lost.is_empty(), message)
}

fn ends(run: &Run) -> Expectation {
    let message = "All images are saved, but your program didn't end, and was stopped. Does it \
                   wait for the end of a worker? A worker waits for its next link until the end of \
                   its stdin, which comes when every handle to the other end of the pipe is \
                   dropped.";
    (!run.was_stopped(), message.into())
}
