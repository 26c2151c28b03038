//! The contract: what all four programs promise. Each file is one part of it.
//!
//! The manifest of each program names this file as a test, so that `cargo test -p threads` applies
//! the contract to `02-threads`. No test looks at a clock: where concurrency or order matters, the
//! server holds responses until the requests that the test expects have arrived.
//!
//! | file | promise |
//! |---|---|
//! | `command_line` | options, album addresses, wrong usage |
//! | `credentials` | where the client id comes from, and where it is sent |
//! | `practice_mode` | what happens without credentials |
//! | `network` | certificates and proxies |
//! | `album` | which API responses are accepted, and how errors are shown |
//! | `images` | which responses are saved as an image |
//! | `retries` | transient and permanent errors, `Retry-After`, timeouts |
//! | `trouble` | the practice album `trouble`, from start to end |
//! | `files` | file names, existing files, temporary files |
//! | `thumbnails` | `--thumbnails` |
//! | `concurrency` | requests in flight, threads, processes, connections |
//! | `output` | lines, `--json`, `--quiet` |
//! | `lanes` | the lanes that a terminal shows during a run |
//! | `timeline` | `--timeline` |
//! | `watch` | `--watch` |
//! | `signals` | SIGHUP, SIGINT and SIGTERM |
//! | `resource_limits` | open files, file size |

mod album;
mod command_line;
mod concurrency;
mod credentials;
mod expect;
mod files;
mod images;
#[cfg(unix)]
mod lanes;
mod network;
mod output;
mod practice_mode;
#[cfg(unix)]
mod resource_limits;
mod retries;
#[cfg(unix)]
mod signals;
mod thumbnails;
mod timeline;
mod trouble;
mod watch;

use practice::{Gate, Server, Settings};
use std::time::Duration;
use tests::{EVENT_TIMEOUT, Program};

/// The program under test. Cargo sets a variable with the program's own name at build time.
const EXE: &str = match (
    option_env!("CARGO_BIN_EXE_01-sync"),
    option_env!("CARGO_BIN_EXE_02-threads"),
    option_env!("CARGO_BIN_EXE_03-processes"),
    option_env!("CARGO_BIN_EXE_04-async"),
) {
    (Some(exe), ..) | (_, Some(exe), ..) | (_, _, Some(exe), _) | (_, _, _, Some(exe)) => exe,
    _ => panic!("this test must belong to one of the four programs"),
};

/// The program's name, such as `02-threads`.
fn model() -> &'static str {
    let name = std::path::Path::new(EXE).file_stem().expect("it is a file");
    name.to_str().expect("the name is ASCII")
}

/// The program, not started yet.
fn program() -> Program {
    Program::new(EXE)
}

/// The number of workers that the tests of concurrency use.
fn worker_count() -> usize {
    match model() {
        "01-sync" => 1,
        "02-threads" => 5,
        "03-processes" => 4,
        "04-async" => 50,
        other => panic!("{other} is not one of the four programs"),
    }
}

/// Settings of a practice server without delays.
fn fast() -> Settings {
    Settings { latency: Duration::ZERO, link_rate: None, ..Settings::default() }
}

/// A server that holds all images until the test opens its gate. On its own, the gate would open
/// only for one request more than there are workers.
fn gated_server(images: usize) -> Server {
    let gate = Gate { requests: worker_count() + 1, timeout: EVENT_TIMEOUT };
    Server::start(&Settings { images, gate: Some(gate), ..fast() }).unwrap()
}
