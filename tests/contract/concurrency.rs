//! How many requests are in flight, from how many threads and processes, over which connections.

use crate::{fast, gated_server, model, program, worker_count};
use practice::{Gate, Server, Settings};
use tests::{EVENT_TIMEOUT, Response, Running, Stub, fake_image, wait_until};

/// Starts the program, and waits until each worker has sent a request for an image.
fn start_all_workers(server: &Server) -> Running {
    let running = program().at(server).workers(worker_count()).args("--json").start();
    wait_until("a request from each worker", || {
        let seen = server.observed();
        // `requests` includes the request for the album, which is not in flight any more.
        seen.in_flight == worker_count() && seen.requests > worker_count()
    });
    running
}

#[test]
fn each_worker_has_exactly_one_request_in_flight() {
    let server = gated_server(3 * worker_count());
    let running = start_all_workers(&server);
    assert_eq!(
        server.observed().requests,
        1 + worker_count(),
        "one for the album, and one for each worker"
    );
    server.open_gate();
    let run = running.wait().exits(0);
    assert_eq!(server.observed().peak_in_flight, worker_count());
    assert_eq!(run.json()["peak_in_flight"], worker_count());
    assert_eq!(run.json()["workers"], worker_count());
    assert_eq!(run.json()["saved"], 3 * worker_count());
}

#[cfg(target_os = "linux")]
#[test]
fn the_operating_system_sees_the_threads_and_processes_of_the_model() {
    let server = gated_server(worker_count());
    let running = start_all_workers(&server);
    // One more thread waits for signals.
    let (threads, processes) = match model() {
        "01-sync" | "04-async" => (1 + 1, 0),
        "02-threads" => (1 + 1 + worker_count(), 0),
        // For each worker process, one thread reads its messages and another one waits for them.
        _ => (1 + 1 + 2 * worker_count(), worker_count()),
    };
    assert_eq!(tests::thread_count(running.id()), threads);
    assert_eq!(tests::children(running.id()).len(), processes);
    server.open_gate();
    drop(running.wait().exits(0));
}

#[test]
fn each_worker_keeps_its_connection() {
    // The gate makes each worker open a connection: none becomes idle before all workers have one.
    let gate = Gate { requests: worker_count(), timeout: EVENT_TIMEOUT };
    let settings = Settings { images: 5 * worker_count(), gate: Some(gate), ..fast() };
    let server = Server::start(&settings).unwrap();
    drop(program().at(&server).workers(worker_count()).run().exits(0));
    // Worker processes cannot use the connection over which the album came.
    let others = usize::from(model() == "03-processes");
    assert_eq!(server.observed().connections, worker_count() + others);
}

#[test]
fn an_idle_worker_takes_the_next_image() {
    let names: Vec<String> = (0..12).map(|number| format!("{number}.png")).collect();
    // With two workers, the first image arrives only after the other worker has taken the rest.
    let images = names.iter().enumerate().map(|(number, name)| {
        let held_until = if number == 0 && model() != "01-sync" { names.len() } else { 0 };
        let response = Response::ok(fake_image(number as u8, 900)).held_until(held_until);
        (name.as_str(), vec![response])
    });
    let stub = Stub::with_images(images);
    let run = program().at_url(&stub.api_url()).workers(2).run().exits(0);
    assert_eq!(run.file_names().len(), names.len());
}

#[test]
fn there_may_be_more_workers_than_images() {
    let server = Server::start(&Settings { images: 2, ..fast() }).unwrap();
    let run = program().at(&server).workers(20).run().exits(0);
    assert_eq!(run.file_names().len(), 2);
}
