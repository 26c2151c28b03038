//! The starters, solutions and pitfalls of all tasks in one program: the environment variable
//! `SUBMISSION` selects one. (A program for each would take minutes to build.)

use std::process::{self, ExitCode, Termination};
use std::time::Duration;
use std::{env, thread};

/// Limits how long a submission can outlive the tests if they are killed.
const LIFETIME: Duration = Duration::from_mins(10);

/// A submission's name, which is its task's folder and its file, such as
/// `03-lock-held/solution.rs`, and its `main`.
type Submission = (&'static str, fn() -> ExitCode);

include!(concat!(env!("OUT_DIR"), "/submissions.rs"));

fn main() -> ExitCode {
    drop(thread::spawn(|| {
        thread::sleep(LIFETIME);
        process::exit(1);
    }));
    let name = env::var("SUBMISSION").unwrap_or_default();
    let submission = SUBMISSIONS.iter().find(|(known, _)| *known == name);
    submission.unwrap_or_else(|| panic!("there is no submission {name:?}")).1()
}

/// The exit code of a `main`, whatever it returns.
fn exit_code<T: Termination>(main: fn() -> T) -> ExitCode {
    main().report()
}
