//! What all four programs promise, tried on each of them.
//!
//! Every program's own manifest names this file as a test, so `cargo test -p threads` tries
//! `02-threads` alone, and the contract is written once. Nothing here looks at a clock.

mod api;
mod command_line;
mod concurrency;
mod faults;
mod files;
#[cfg(unix)]
mod lanes;
mod network;
mod output;
mod practice_mode;
#[cfg(unix)]
mod system;
mod thumbnails;
mod timeline;

use tests::Program;

/// The program under test. Cargo names it at build time, in a variable of its own for each.
const EXE: &str = match (
    option_env!("CARGO_BIN_EXE_01-sync"),
    option_env!("CARGO_BIN_EXE_02-threads"),
    option_env!("CARGO_BIN_EXE_03-processes"),
    option_env!("CARGO_BIN_EXE_04-async"),
) {
    (Some(exe), ..) | (_, Some(exe), ..) | (_, _, Some(exe), _) | (_, _, _, Some(exe)) => exe,
    _ => panic!("this test belongs to one of the four programs"),
};

/// Its name, such as `02-threads`.
fn model() -> &'static str {
    let file = std::path::Path::new(EXE).file_stem().expect("a file");
    file.to_str().expect("the names are plain")
}

/// The program, about to be run.
fn program() -> Program {
    Program::new(EXE)
}
