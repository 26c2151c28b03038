//! Programs that are wrong on purpose: those in `broken` do not compile, in the words that the
//! chapters show; those in `broken/run` compile, and a practice server sees what they do.

use practice::{Gate, Server, Settings, TROUBLE};
use std::env::{consts::EXE_SUFFIX, current_exe};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tests::{Outcome, PATIENCE, Program};

/// The compiler whose words stand beside the programs that do not compile.
const COMPILER: &str = concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"), ".");

#[test]
fn the_compiler_refuses_them_in_these_words() {
    let version = Command::new("rustc").arg("--version").output().expect("there is a compiler");
    let version = String::from_utf8(version.stdout).expect("versions are text");
    if version.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("broken/*.rs");
    } else {
        println!("skipped: another compiler may use other words: {version}");
    }
}

/// Where cargo puts an example.
fn exe(name: &str) -> PathBuf {
    let tests = current_exe().expect("a test has a path");
    let built = tests.ancestors().nth(2).expect("tests are built in target/…/deps");
    let exe = built.join("examples").join(format!("{name}{EXE_SUFFIX}"));
    assert!(exe.exists(), "`cargo test -p docs`, without naming a test, builds it");
    exe
}

fn broken(name: &str) -> Program {
    Program::new(exe(name).to_str().expect("the path is text"))
}

/// A server that answers soon, behind this gate.
fn server(gate: Option<Gate>) -> Server {
    let latency = Duration::from_millis(5);
    let settings = Settings { latency, link_rate: None, gate, ..Settings::default() };
    Server::start(&settings).expect("there is a free port")
}

/// Runs it on the album of 40 images: all are saved.
fn saves_all(name: &str, workers: usize, server: &Server) -> Outcome {
    let outcome = broken(name).at(server).workers(workers).run().exits(0);
    assert_eq!(outcome.names().len(), 40);
    outcome
}

#[test]
fn a_lock_held_across_the_download_lets_one_thread_download_at_a_time() {
    let server = server(None);
    drop(saves_all("lock-held", 5, &server));
    assert_eq!(server.observed().peak_in_flight, 1);
}

#[test]
fn tasks_that_block_take_turns() {
    let server = server(None);
    drop(saves_all("blocking-call", 100, &server));
    assert_eq!(server.observed().peak_in_flight, 1);
}

#[test]
fn tasks_without_a_bound_come_all_at_once() {
    let server = server(Some(Gate { requests: 40, timeout: PATIENCE }));
    drop(saves_all("unbounded", 5, &server));
    assert_eq!(server.observed().peak_in_flight, 40);
}

#[test]
fn errors_in_dropped_handles_are_lost() {
    let server = server(None);
    let program = broken("dropped-handle").at(&server).args("--timeout 1 --retries 0");
    let outcome = program.args(TROUBLE).run().exits(0);
    assert!(outcome.stdout.contains("downloaded 20 images"), "{}", outcome.stdout);
    assert_eq!(outcome.stderr, "");
    assert!(outcome.names().len() < 10, "{:?}", outcome.names());
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_that_nobody_waits_for_becomes_a_zombie() {
    use std::fs;
    use std::process::Stdio;

    let mut parent = Command::new(exe("zombie"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let children = format!("/proc/{0}/task/{0}/children", parent.id());
    tests::await_that("a zombie", || {
        let child = fs::read_to_string(&children).expect("the parent lives");
        let status = format!("/proc/{}/stat", child.trim());
        fs::read_to_string(status).is_ok_and(|status| status.contains(") Z "))
    });
    drop(parent.stdin.take());
    assert!(parent.wait().expect("it ends").success());
}
