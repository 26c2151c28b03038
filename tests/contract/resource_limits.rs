//! The system's limits on open files and on file size.

use crate::{fast, model};
use practice::{Gate, Server, Settings};
use tests::{EVENT_TIMEOUT, Program};

/// The program, started by a shell that first sets a limit.
fn limited(limit: &str, server: &Server) -> Program {
    let script = format!("{limit}; exec \"$0\" \"$@\"");
    Program::new("bash").at(server).arg("-c").arg(script).arg(crate::EXE)
}

/// The option `--workers`, for the programs that have it.
fn workers(number: usize) -> String {
    if model() == "01-sync" { String::new() } else { format!("--workers {number}") }
}

#[test]
fn with_few_open_files_there_are_fewer_workers() {
    let server = Server::start(&Settings { images: 100, ..fast() }).unwrap();
    let run = limited("ulimit -n 64", &server).args(&workers(100)).run().exits(0);
    assert_eq!(run.file_names().len(), 100);
    if model() != "01-sync" {
        assert!(
            run.stderr.contains("instead of 100: the system allows 64 open files"),
            "{}",
            run.stderr
        );
        assert!(server.observed().peak_in_flight < 30);
    }
}

#[test]
fn a_soft_limit_on_open_files_is_raised() {
    // The gate opens only if there are as many workers as the option says.
    let workers_wanted = if model() == "01-sync" { 1 } else { 20 };
    let gate = Gate { requests: workers_wanted, timeout: EVENT_TIMEOUT };
    let settings = Settings { images: workers_wanted, gate: Some(gate), ..fast() };
    let server = Server::start(&settings).unwrap();
    let run = limited("ulimit -S -n 40", &server).args(&workers(20)).run().exits(0);
    assert_eq!(run.stderr, "");
    assert_eq!(server.observed().peak_in_flight, workers_wanted);
}

#[test]
fn an_image_over_the_file_size_limit_fails() {
    let server = Server::start(&fast()).unwrap();
    let limit = "trap '' XFSZ; ulimit -f 100";
    let run = limited(limit, &server).args("--json --retries 0").run().exits(1);
    let failures = run.failures();
    assert!(!failures.is_empty());
    assert!(failures.iter().all(|(_, error)| error.contains("cannot write")), "{failures:?}");
    let saved = run.json()["saved"].as_u64().unwrap() as usize;
    assert_eq!(saved + failures.len(), 40);
    assert_eq!(run.file_names().len(), saved, "a temporary file is left");
}
