//! `cargo test -p exercises task_03` checks your submission to task 3, as `cargo run` does. Tasks
//! without a submission are reported as ignored.

use exercises::judge::{self, Source, Submission};
use exercises::task::{TASKS, Task};
use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    shared::stop::on_signal(judge::end_all);
    let options: Vec<String> = env::args().skip(1).collect();
    let names = options.iter().take_while(|option| !option.starts_with('-'));
    let names: Vec<_> = names.map(|name| name.replace('-', "_")).collect();
    let mut failed = false;
    for task in TASKS {
        let test = task.program().replace('-', "_");
        let is_wanted = names.is_empty() || names.iter().any(|name| test.contains(name.as_str()));
        if options.iter().any(|option| option == "--list") {
            // The format that test runners expect. A task without a submission counts as ignored,
            // and isn't listed.
            if !options.iter().any(|option| option == "--ignored") && program(task).is_some() {
                println!("{test}: test");
            }
        } else if is_wanted {
            failed |= !passes(task, &test);
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Checks a submission and prints the verdict. Returns false if it fails.
fn passes(task: &Task, test: &str) -> bool {
    let Some(program) = program(task) else {
        println!("test {test} ... ignored, exercises/src/bin/{}.rs does not exist", task.program());
        return true;
    };
    let verdict = task.check(&Submission::new(program, source(task), fastrand::u64(..)));
    match &verdict {
        Ok(observed) => println!("test {test} ... ok\n{observed}\n"),
        Err(message) => println!("test {test} ... FAILED\n{message}\n"),
    }
    verdict.is_ok()
}

/// The source of a submission. Without it, the verdict is the same, but names no line.
fn source(task: &Task) -> Source {
    let file = format!("{}/src/bin/{}.rs", env!("CARGO_MANIFEST_DIR"), task.program());
    Source::new(std::fs::read_to_string(file).unwrap_or_default())
}

/// The program that cargo has built from a submission.
fn program(task: &Task) -> Option<String> {
    env::var(format!("CARGO_BIN_EXE_{}", task.program())).ok()
}
