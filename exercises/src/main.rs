//! `cargo run -p exercises`: lists the tasks, shows them, and judges submissions.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
