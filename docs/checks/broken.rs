//! Programs that are wrong on purpose.
//!
//! Those in `broken/` do not compile, and the compiler's messages are the ones that the chapters
//! show. The wrong ones in `examples/` compile, and a practice server observes what they do.

use practice::{Gate, Server, Settings, TROUBLE};
use std::env::{consts::EXE_SUFFIX, current_exe};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tests::{EVENT_TIMEOUT, Program};

/// A doc test for each program (see `build.rs`) also checks that it does not compile, with any
/// version of the compiler.
#[test]
#[cfg_attr(not(compiler_of_the_messages), ignore = "other compilers may use other words")]
fn the_compiler_prints_the_messages_that_the_chapters_show() {
    trybuild::TestCases::new().compile_fail("broken/*.rs");
}

/// The path of an example's executable.
fn exe(name: &str) -> PathBuf {
    let test = current_exe().expect("a test has a path");
    let built = test.ancestors().nth(2).expect("tests are built in target/…/deps");
    let exe = built.join("examples").join(format!("{name}{EXE_SUFFIX}"));
    assert!(exe.exists(), "run `cargo test -p docs` without `--test`, which also builds {name}");
    exe
}

fn broken(name: &str) -> Program {
    Program::new(exe(name).to_str().expect("the path is UTF-8"))
}

/// A server with a short latency.
fn server(gate: Option<Gate>) -> Server {
    let latency = Duration::from_millis(5);
    let settings = Settings { latency, link_rate: None, gate, ..Settings::default() };
    Server::start(&settings).expect("there is a free port")
}

/// Runs a program that saves all 40 images, and returns the peak of requests in flight.
fn peak_in_flight(name: &str, workers: usize, server: &Server) -> usize {
    let outcome = broken(name).at(server).workers(workers).run().exits(0);
    assert_eq!(outcome.file_names().len(), 40);
    server.observed().peak_in_flight
}

#[test]
fn with_a_lock_held_during_the_download_one_thread_downloads_at_a_time() {
    assert_eq!(peak_in_flight("lock-held", 5, &server(None)), 1);
}

#[test]
fn with_blocking_calls_one_task_downloads_at_a_time() {
    assert_eq!(peak_in_flight("blocking-call", 100, &server(None)), 1);
}

#[test]
fn without_a_limit_all_tasks_download_at_the_same_time() {
    let gate = Gate { requests: 40, timeout: EVENT_TIMEOUT };
    assert_eq!(peak_in_flight("unbounded", 5, &server(Some(gate))), 40);
}

#[test]
fn the_error_of_a_dropped_handle_is_lost() {
    let server = server(None);
    let program = broken("dropped-handle").at(&server).args("--timeout 0.5 --retries 0");
    let outcome = program.args(TROUBLE).run().exits(0);
    assert!(outcome.stdout.contains("downloaded 20 images"), "{}", outcome.stdout);
    assert_eq!(outcome.stderr, "");
    assert!(outcome.file_names().len() < 10, "{:?}", outcome.file_names());
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_without_a_wait_becomes_a_zombie() {
    use std::fs;
    use std::process::Stdio;

    let mut parent = Command::new(exe("zombie"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let children = format!("/proc/{0}/task/{0}/children", parent.id());
    tests::wait_until("a zombie", || {
        let child = fs::read_to_string(&children).expect("the parent is running");
        let status = format!("/proc/{}/stat", child.trim());
        fs::read_to_string(status).is_ok_and(|status| status.contains(") Z "))
    });
    drop(parent.stdin.take());
    let status =
        tests::wait_for("the end of the parent", || parent.try_wait().expect("it is our child"));
    assert!(status.success());
}
