//! How many downloads are in progress at once, as the server sees it.

use crate::practice_mode::fast;
use crate::{model, program};
use practice::{Gate, Server, Settings};
use std::time::Duration;
use tests::{Answer, PATIENCE, Stub, await_that, picture};

/// How many workers each program is given, and how many requests are then in flight.
pub fn workers() -> usize {
    match model() {
        "01-sync" => 1,
        "02-threads" => 5,
        "03-processes" => 4,
        "04-async" => 50,
        other => panic!("{other} is none of the four"),
    }
}

/// A server of which the gate opens when one request more is in flight than should ever be.
pub fn closed(images: usize) -> Server {
    let gate = Gate { requests: workers() + 1, timeout: PATIENCE };
    Server::start(&Settings { images, gate: Some(gate), ..fast() }).unwrap()
}

#[test]
fn exactly_as_many_requests_are_in_flight_as_there_are_workers() {
    let server = closed(3 * workers());
    let running = program().at(&server).workers(workers()).args("--json").start();
    await_that("all workers to ask", || {
        let seen = server.observed();
        seen.in_flight == workers() && seen.requests > workers()
    });
    assert_eq!(
        server.observed().requests,
        workers() + 1,
        "the album, and an image for each worker"
    );
    server.open_gate();
    let run = running.wait().exits(0);
    assert_eq!(server.observed().peak_in_flight, workers());
    assert_eq!(run.json()["peak_in_flight"], workers());
    assert_eq!(run.json()["workers"], workers());
    assert_eq!(run.json()["saved"], 3 * workers());
}

/// What the names promise: one thread, five threads, four processes, fifty tasks on one thread.
#[cfg(target_os = "linux")]
#[test]
fn the_operating_system_sees_the_model() {
    let server = closed(workers());
    let running = program().at(&server).workers(workers()).start();
    await_that("all workers to ask", || {
        let seen = server.observed();
        seen.in_flight == workers() && seen.requests > workers()
    });
    // One more thread waits for signals.
    let (threads, processes) = match model() {
        "01-sync" | "04-async" => (1 + 1, 0),
        "02-threads" => (1 + 1 + workers(), 0),
        // A thread waits for each worker process.
        _ => (1 + 1 + workers(), workers()),
    };
    assert_eq!(tests::threads(running.id()), threads);
    assert_eq!(tests::children(running.id()).len(), processes);
    server.open_gate();
    drop(running.wait().exits(0));
}

#[test]
fn connections_are_kept_open_and_used_again() {
    let server = Server::start(&Settings {
        images: 5 * workers(),
        latency: Duration::from_millis(20),
        ..fast()
    })
    .unwrap();
    drop(program().at(&server).workers(workers()).run().exits(0));
    // The worker processes cannot use the connection on which the album was asked for.
    let others = usize::from(model() == "03-processes");
    assert_eq!(server.observed().connections, workers() + others);
}

#[test]
fn no_image_waits_for_a_particular_worker() {
    let names: Vec<String> = (0..12).map(|number| format!("{number}.png")).collect();
    // The first image comes only when all others have been asked for.
    let images = names.iter().enumerate().map(|(number, name)| {
        let wait = if number == 0 && model() != "01-sync" { names.len() } else { 0 };
        (name.as_str(), vec![Answer::ok(picture(number as u8, 900)).after(wait)])
    });
    let stub = Stub::with(images);
    let run = program().at_url(&stub.api_url()).workers(2).run().exits(0);
    assert_eq!(run.names().len(), names.len());
}

#[test]
fn more_workers_than_images_are_no_problem() {
    let server = Server::start(&Settings { images: 2, ..fast() }).unwrap();
    drop(program().at(&server).workers(20).run().exits(0));
}
