//! Task 6: two processes download, every one of them crashes, and nothing is lost.
//!
//! Each process says its number in the header User-Agent, so the server sees who asks. That
//! workers crash is certain: none of them survives its fourth image (`frail`).

use crate::attempt::{Attempt, Run};
use crate::frail;
use crate::seen::{Verdict, different, gated, gather, images, saved_all, serve, settings};
use practice::{Observed, Server};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const WORKERS: usize = 2;
/// None saves more than three, so two workers at least crash.
const IMAGES: usize = 10;

/// How long it may take from the gate on. It takes a second.
const PATIENCE: Duration = Duration::from_secs(8);

pub fn check(attempt: &Attempt) -> Verdict {
    let server = serve(&gated(&settings(IMAGES), WORKERS + 1))?;
    let mut running = attempt.start(&server)?;
    let at_the_gate = gather(&mut running, &server, WORKERS);
    let run = running.wait_for(PATIENCE)?;
    let observed = server.observed();
    if run.code() == Some(101) {
        run.ended().map_err(|panicked| {
            format!(
                "{panicked} A worker that dies is no bug of your pool: it is to be expected, and \
                 `download` says it with an `Err`. What a worker prints on stdout goes to its parent, \
                 as an answer; what is for your eyes goes to stderr (`eprintln!`)."
            )
        })?;
    }
    if at_the_gate == 0 {
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    let processes = processes(&observed)?;
    if at_the_gate < WORKERS {
        return Err(
            "Your pool never had more than one request in flight: one worker at most is busy. \
                    Either there is only one, or whoever hands out the links waits for the answer of \
                    one worker before the other one gets its link. Who could wait for the other?"
                .into(),
        );
    }
    let first: BTreeSet<_> = images(&observed).take(WORKERS).map(|seen| &seen.user_agent).collect();
    if first.len() < WORKERS {
        return Err(
            "Two requests were in flight, but from a single process. When it crashes, both \
                    images are lost. Each of the two workers is to be a process of its own."
                .into(),
        );
    }
    let crashed = crashed(&processes)?;
    if observed.peak_in_flight > WORKERS {
        return Err(format!(
            "{} requests were in flight at once. Two workers are enough.",
            observed.peak_in_flight
        ));
    }
    nothing_is_lost(&run, &server, &observed, crashed)?;
    if run.was_stopped() {
        return Err(
            "All images are saved, but your program did not end, and was stopped. Does it wait \
                    for the end of a worker? A worker waits for its next link until the end of its \
                    stdin, which comes when nobody holds the other end of the pipe any more."
                .into(),
        );
    }
    run.succeeded()?;
    crate::seen::expect_all([saved_all(&run, &server)])?;
    Ok(format!(
        "Two requests in flight, from two processes. {crashed} of {} processes crashed, each over an \
         image that another one then saved: all {IMAGES} are there.",
        processes.len()
    ))
}

/// How many images each process asked for, by its number. It is an error if the program itself did.
fn processes(observed: &Observed) -> Result<BTreeMap<&str, usize>, String> {
    let list = observed.log.iter().find(|seen| seen.attempt == 0);
    let mut processes = BTreeMap::new();
    for seen in images(observed) {
        *processes.entry(seen.user_agent.as_str()).or_default() += 1;
    }
    match list.and_then(|list| processes.get(list.user_agent.as_str())) {
        Some(count) => Err(format!(
            "Your program downloads itself: the same process asked for the album's list and for {count} \
             images. Whatever crashes there ends everything. The images are for the workers: \
             processes of their own, which get their links through a pipe."
        )),
        None => Ok(processes),
    }
}

/// How many processes have crashed. It is an error if none did.
fn crashed(processes: &BTreeMap<&str, usize>) -> Result<usize, String> {
    let most = processes.values().copied().max().unwrap_or_default();
    if most > frail::LIFE + 1 {
        return Err(format!(
            "One worker downloaded {most} images and did not crash. It should have kept its bug: real \
             ones are in code that one cannot change, and nobody knows them beforehand. Let the \
             workers call `frail::download`, and let the pool survive it."
        ));
    }
    if most <= frail::LIFE {
        return Err(format!(
            "No worker crashed, but there were {} processes for {IMAGES} images, and none got more than \
             {most}. A new process for each image, or for every few images, costs time, and avoids only \
             the crash that one knows of. A worker is to stay until it dies.",
            processes.len()
        ));
    }
    Ok(processes.values().filter(|count| **count > frail::LIFE).count())
}

/// An error, unless each image is saved, and was asked for once, and once more after a crash.
fn nothing_is_lost(
    run: &Run,
    server: &Server,
    observed: &Observed,
    crashed: usize,
) -> Result<(), String> {
    let (asked, different) = (images(observed).count(), different(observed));
    if different < IMAGES {
        return Err(format!(
            "{crashed} of the workers crashed, and then {} of {IMAGES} images were not even asked for: \
             no new worker has taken the place of a dead one. When `download` returns an error, its \
             worker is dead for good. Who starts another one, and where is it put?",
            IMAGES - different
        ));
    }
    if asked > different + crashed {
        return Err(format!(
            "{asked} requests for {IMAGES} images, although only {crashed} of the workers crashed: some \
             images were handed to more than one worker. All of them should be served from one queue."
        ));
    }
    let lost: BTreeSet<_> = server
        .names()
        .into_iter()
        .filter(|name| !run.files.contains_key(&format!("downloads/{name}")))
        .collect();
    match lost.first() {
        Some(first) => Err(format!(
            "{} of {IMAGES} images are missing, {first} for one: a worker asked for it and crashed before \
             it could save it, and then the image was given to nobody else. Who knows which image the \
             dead worker held?",
            lost.len()
        )),
        None => Ok(()),
    }
}
