//! Tests of `03-processes` only: a worker that crashes loses no image, and no worker outlives the
//! program.
#![cfg(target_os = "linux")]

use practice::{Gate, Server, Settings};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tests::{
    EVENT_TIMEOUT, Program, Running, children, is_alive, send_signal, wait_for, wait_until,
};

const WORKERS: usize = 4;

fn program(server: &Server) -> Program {
    let program = Program::new(env!("CARGO_BIN_EXE_03-processes")).at(server).args("--json");
    program.workers(WORKERS)
}

/// A run in which each worker has requested one image, and waits for the response until the gate
/// opens.
fn waiting_run() -> (Server, Running) {
    let settings = Settings {
        latency: Duration::ZERO,
        link_rate: None,
        gate: Some(Gate { requests: WORKERS + 1, timeout: EVENT_TIMEOUT }),
        ..Settings::default()
    };
    let server = Server::start(&settings).unwrap();
    let running = program(&server).env("CLIENT_SECRET", "s3cret").start();
    wait_until("a request from each worker", || server.observed().in_flight == WORKERS);
    (server, running)
}

#[test]
fn workers_do_not_get_the_credentials() {
    let (server, running) = waiting_run();
    let workers = children(running.id());
    assert_eq!(workers.len(), WORKERS);
    for id in workers {
        for file in ["environ", "cmdline"] {
            let text = fs::read(format!("/proc/{id}/{file}")).unwrap();
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains("some-id") && !text.contains("s3cret"), "{text}");
        }
    }
    server.open_gate();
    drop(running.wait().exits(0));
}

#[test]
fn a_killed_worker_is_replaced_and_its_image_retried() {
    let (server, running) = waiting_run();
    let killed = children(running.id())[0];
    send_signal("KILL", killed);
    wait_until("another worker", || {
        let workers = children(running.id());
        workers.len() == WORKERS && !workers.contains(&killed)
    });
    server.open_gate();
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 40);
    assert_eq!(run.file_names().len(), 40, "a file of the killed worker is left");
    assert_eq!(server.observed().retries, 1);
}

#[test]
fn ten_killed_workers_lose_no_image() {
    let settings = Settings {
        images: 200,
        latency: Duration::from_millis(20),
        link_rate: None,
        ..Settings::default()
    };
    let server = Server::start(&settings).unwrap();
    let running = program(&server).start();
    for killed in 1..=10 {
        wait_until("more requests", || server.observed().requests > 15 * killed);
        send_signal("KILL", wait_for("a worker", || children(running.id()).pop()));
    }
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 200);
    assert_eq!(run.file_names().len(), 200);
}

#[test]
fn an_image_that_kills_ten_workers_fails_after_ten_attempts() {
    let settings = Settings {
        images: 1,
        gate: Some(Gate { requests: 100, timeout: EVENT_TIMEOUT }),
        ..Settings::default()
    };
    let server = Server::start(&settings).unwrap();
    let running = program(&server).args("--timeline=run.json").start();
    for requests in 1..=10 {
        // One of the requests is for the album.
        wait_until("the next attempt", || server.observed().requests == requests + 1);
        send_signal("KILL", wait_for("its worker", || children(running.id()).pop()));
    }
    let run = running.wait().exits(1);
    assert_eq!(run.failures()[0].1, "gave up after 10 workers died");
    let trace = fs::read_to_string(run.path("run.json")).unwrap();
    let count = |name: &str| trace.matches(&format!("\"name\":\"{name}\"")).count();
    assert_eq!((count("failed attempt"), count("given up")), (9, 1), "{trace}");
}

#[test]
fn workers_end_when_the_program_is_killed() {
    let (_server, mut running) = waiting_run();
    let workers = children(running.id());
    assert_eq!(workers.len(), WORKERS);
    running.kill();
    wait_until("the end of the workers", || !workers.iter().any(|id| is_alive(*id)));
}

#[test]
fn a_worker_that_breaks_the_protocol_is_replaced() {
    let (server, running) = waiting_run();
    let broken = children(running.id())[0];
    // The worker's stdout is the pipe to the program.
    fs::write(format!("/proc/{broken}/fd/1"), "What?\n").unwrap();
    wait_until("the end of that worker", || !children(running.id()).contains(&broken));
    wait_until("the retry", || server.observed().retries == 1);
    server.open_gate();
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 40);
}

#[test]
fn a_worker_that_hangs_is_replaced() {
    let settings =
        Settings { latency: Duration::from_millis(50), link_rate: None, ..Settings::default() };
    let server = Server::start(&settings).unwrap();
    let running = program(&server).args("--timeout 0.5").start();
    wait_until("some images", || server.observed().requests > 10);
    let stopped = wait_for("a worker", || children(running.id()).pop());
    // A stopped process neither ends nor sends a pong.
    send_signal("STOP", stopped);
    let run = running.wait().exits(0);
    assert_eq!(run.json()["saved"], 40);
    assert!(!is_alive(stopped));
}

/// The first line for a worker.
const OPTIONS: &str = r#"{"model":"x","workers":1,"run":null,"album":"a","out":{"Unix":[111]},"limit":null,"timeout":{"secs":1,"nanos":0},"retries":0,"practice":false,"json":false,"quiet":true,"thumbnails":false,"name":null}"#;

/// Starts a worker.
fn worker(folder: &Path, stdout: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_03-processes"))
        .env("WORKER_OF_03_PROCESSES", "1")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_worker_sends_events_only_if_something_shows_them() {
    for (with_events, sends) in [(true, &["Event", "Result"][..]), (false, &["Result"])] {
        let folder = tempfile::tempdir().unwrap();
        let mut worker = worker(folder.path(), Stdio::piped());
        let image = json!({
            "index": 0, "name": "a.png", "link": "http://127.0.0.1:1/a.png", "size": null,
        });
        let job = json!({"Download": {"image": image, "with_events": with_events}});
        let mut stdin = worker.stdin.take().unwrap();
        writeln!(stdin, "{OPTIONS}\n{job}").unwrap();
        let mut sent = Vec::new();
        for line in BufReader::new(worker.stdout.take().unwrap()).lines() {
            let message: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let kind = message.as_object().unwrap().keys().next().unwrap().clone();
            sent.push(kind);
            if sent.last().is_some_and(|kind| kind == "Result") {
                break;
            }
        }
        sent.dedup();
        assert_eq!(sent, sends);
        drop(stdin);
        worker.wait().unwrap();
    }
}

/// What a worker prints on stderr after it has read these lines and its stdin has ended.
fn errors_of_a_worker(lines: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut worker = worker(folder.path(), Stdio::null());
    // The worker may end before it has read everything.
    let _ = worker.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = worker.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
    #[test]
    fn no_line_makes_a_worker_panic(options in "OPTIONS|.{0,200}", jobs: Vec<String>) {
        let options = options.replace("OPTIONS", OPTIONS);
        let errors = errors_of_a_worker(&format!("{options}\n\"Ping\"\n{}\n", jobs.join("\n")));
        assert!(!errors.contains("panicked"), "{errors}");
    }
}
