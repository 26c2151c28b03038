//! Task 6: two processes download, each of them crashes at its fourth image, and nothing is lost.
//!
//! Each process puts its id into the header User-Agent, so the server can tell processes apart. No
//! worker survives its fourth image (`frail`).

use crate::frail;
use crate::judge::{
    Expectation, Run, Submission, Verdict, at_most, different, expect_all, images, run_gated,
    saved_all, settings,
};
use practice::Observed;
use std::collections::{BTreeMap, BTreeSet};

const WORKERS: usize = 2;
/// No worker saves more than three, so at least two workers crash.
const IMAGES: usize = 10;

pub fn check(submission: &Submission) -> Verdict {
    let gathered = run_gated(submission, &[], &settings(IMAGES), WORKERS)?;
    let (run, observed) = (&gathered.run, &gathered.observed);
    let processes = Processes::seen(observed);
    expect_all([
        does_not_panic(run),
        processes.are_two_workers(gathered.at_the_gate),
        processes.crash(),
        at_most(observed, WORKERS),
        processes.request_all(),
        retries_lost_images(run, gathered.server.names()),
        ends(run),
    ])?;
    run.succeeded()?;
    expect_all([saved_all(run, &gathered.server)])?;
    Ok(format!(
        "Two requests in flight, from two processes. {} of {} processes crashed, each at an image \
         that another one then saved: all {IMAGES} are there.",
        processes.crashed(),
        processes.requests.len()
    ))
}

/// The processes that requested images, as the server saw them.
struct Processes<'a> {
    /// Image requests of each process, by its User-Agent.
    requests: BTreeMap<&'a str, usize>,
    /// The processes of the first two image requests.
    first: BTreeSet<&'a str>,
    /// Image requests of the process that requested the list.
    own: usize,
    /// Different images that were requested.
    images: usize,
}

impl<'a> Processes<'a> {
    fn seen(observed: &'a Observed) -> Self {
        let mut requests = BTreeMap::new();
        for seen in images(observed) {
            *requests.entry(seen.user_agent.as_str()).or_default() += 1;
        }
        let list = observed.log.iter().find(|seen| seen.attempt == 0);
        let own = list.and_then(|list| requests.get(list.user_agent.as_str()).copied());
        let first = images(observed).take(WORKERS).map(|seen| seen.user_agent.as_str()).collect();
        Self { requests, first, own: own.unwrap_or_default(), images: different(observed) }
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
            "{requests} requests for {} of {IMAGES} images, and {crashed} workers crashed. Each \
             image should be requested once, and once more if its worker crashed. If images are \
             missing: when `download` returns an error, the worker is dead, and a new one must \
             replace it. If there are too many requests: all workers should be served from one \
             queue.",
            self.images
        );
        (self.images == IMAGES && requests <= IMAGES + crashed, message)
    }
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
    let is_saved = |name: &String| run.files.contains_key(&format!("downloads/{name}"));
    let lost: Vec<_> = names.into_iter().filter(|name| !is_saved(name)).collect();
    let message = format!(
        "{} of {IMAGES} images are missing, for example {}: a worker requested it and crashed \
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
