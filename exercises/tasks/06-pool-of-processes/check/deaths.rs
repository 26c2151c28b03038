//! A run in which the judge ends a worker, and then the one that takes over its image.

use super::WORKERS;
use crate::judge::{Run, Running, Submission, expect_all, hold, images, saved_all, serve};
use practice::{Held, Release, Server, Settings};
use std::time::Duration;

/// How many workers the judge ends over the same image.
const DEATHS: usize = 2;
/// Limits the rest of that run.
const REST_TIMEOUT: Duration = Duration::from_secs(20);

/// All images are saved anyway.
pub fn survives(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let server = serve(settings)?;
    let mut running = submission.start(&server)?;
    hold(&mut running, &server, WORKERS);
    let mut next = server.held().into_iter().next();
    let name = next.as_ref().map(|held| held.name.clone()).unwrap_or_default();
    let mut deaths = 0;
    let mut are_workers = true;
    while deaths < DEATHS
        && let Some(held) = &next
    {
        let known = images(&server.observed()).count();
        let worker = process(&server, held);
        are_workers = worker.is_some_and(|id| running.end_descendant(id));
        if !are_workers {
            break;
        }
        deaths += 1;
        next = comes_again(&mut running, &server, held, known);
    }
    let is_taken_over = next.is_some();
    server.release_all(Release::Image);
    let run = running.wait_for(REST_TIMEOUT)?;
    expect_all([
        (
            are_workers,
            "The requests come from no processes that your program has started. Threads that call \
             themselves processes don't survive a crash."
                .into(),
        ),
        (is_taken_over, not_taken_over(&name, deaths, &run)),
    ])?;
    run.succeeded()?;
    expect_all([saved_all(&run, &server)])
}

/// Waits until the image of a worker that was ended is requested again. `known` requests had come
/// before. It may be the last one in the list: then the others come first, each of them twice at most.
fn comes_again(
    running: &mut Running,
    server: &Server,
    ended: &Held,
    mut known: usize,
) -> Option<Held> {
    for _ in 0..2 * server.names().len() {
        // A new process takes a while, and longer on a busy machine.
        (0..4).find(|_| hold(running, server, known + 1) > known)?;
        known = images(&server.observed()).count();
        let held = server.held();
        let is_again = |held: &&Held| held.name == ended.name && held.id > ended.id;
        if let Some(again) = held.iter().find(is_again) {
            return Some(again.clone());
        }
        for other in held.iter().filter(|held| held.name != ended.name) {
            server.release(other.id, Release::Image);
        }
    }
    None
}

fn not_taken_over(name: &str, deaths: usize, run: &Run) -> String {
    let end = match run.code() {
        Some(code) => format!("your program ended with exit code {code}"),
        None => "your program waited, and was stopped".into(),
    };
    format!(
        "In a third run, workers died while they downloaded {name}, one after another: {deaths}. Then \
         no worker requested it again, and {end}. The worker that takes over may die, too: is there an `if` \
         that should be a loop?"
    )
}

/// The id of the process that sent a request, as it says itself.
fn process(server: &Server, held: &Held) -> Option<u32> {
    let log = server.observed().log;
    let agent = &log.get(held.id - 1)?.user_agent;
    agent.rsplit('/').next()?.parse().ok()
}
