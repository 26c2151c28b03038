//! What only `03-processes` promises: its workers may die, and they do not outlive it.
#![cfg(target_os = "linux")]

use practice::{Gate, Server, Settings};
use std::process::{Command, Stdio};
use std::time::Duration;
use tests::{PATIENCE, Program, Running, await_some, await_that, children, is_alive};

fn program(server: &Server) -> Program {
    Program::new(env!("CARGO_BIN_EXE_03-processes")).at(server)
}

/// A server on which four workers wait for a fifth, and the program with four workers.
fn waiting() -> (Server, Running) {
    let gate = Gate { requests: 5, timeout: PATIENCE };
    let settings = Settings {
        latency: Duration::ZERO,
        link_rate: None,
        gate: Some(gate),
        ..Settings::default()
    };
    let server = Server::start(&settings).unwrap();
    let running =
        program(&server).env("CLIENT_SECRET", "s3cret").args("--workers 4 --json").start();
    await_that("all workers to ask", || server.observed().in_flight == 4);
    (server, running)
}

fn kill(id: u32) {
    let _status =
        Command::new("kill").args(["-s", "KILL", &id.to_string()]).stderr(Stdio::null()).status();
}

#[test]
fn workers_know_no_credentials() {
    let (server, running) = waiting();
    let workers = children(running.id());
    assert_eq!(workers.len(), 4);
    for id in workers {
        for what in ["environ", "cmdline"] {
            let text = std::fs::read(format!("/proc/{id}/{what}")).unwrap();
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains("some-id") && !text.contains("s3cret"), "{text}");
        }
    }
    server.open_gate();
    drop(running.wait().exits(0));
}

#[test]
fn a_worker_that_dies_is_replaced_and_its_image_tried_again() {
    let (server, running) = waiting();
    let victim = children(running.id())[0];
    kill(victim);
    let replaced = || {
        let workers = children(running.id());
        workers.len() == 4 && !workers.contains(&victim)
    };
    await_that("another worker to start", replaced);
    server.open_gate();
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 40);
    assert_eq!(run.names().len(), 40, "nothing is left of the dead worker");
    assert_eq!(server.observed().retries, 1);
}

#[test]
fn ten_deaths_cost_no_image() {
    let settings = Settings {
        images: 200,
        latency: Duration::from_millis(20),
        link_rate: None,
        ..Settings::default()
    };
    let server = Server::start(&settings).unwrap();
    let running = program(&server).args("--workers 4 --json").start();
    for death in 1..=10 {
        await_that("some more images", || server.observed().requests > 15 * death);
        kill(await_some("a worker", || children(running.id()).pop()));
    }
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 200);
    assert_eq!(run.names().len(), 200);
}

#[test]
fn workers_end_when_their_parent_was_killed() {
    let (_server, mut running) = waiting();
    let workers = children(running.id());
    running.kill();
    await_that("the workers to end", || !workers.iter().any(|id| is_alive(*id)));
}

#[test]
fn a_worker_that_talks_nonsense_is_replaced() {
    let (server, running) = waiting();
    let mad = children(running.id())[0];
    std::fs::write(format!("/proc/{mad}/fd/1"), "What?\n").unwrap();
    await_that("it to be replaced", || !children(running.id()).contains(&mad));
    await_that("the other to ask", || server.observed().retries == 1);
    server.open_gate();
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 40);
}
