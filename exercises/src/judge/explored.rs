//! Runs a submission in every schedule instead of at a server.

use super::expectations::Verdict;
use super::server::{serve, settings};
use super::submission::Submission;
use crate::explore::{self, Failure, Report};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io};

const NO_REPORT: &str = "Your program ended before it had shown its schedules. Its `main` should only \
                         make the call that it makes in the starter.";

const STOPPED: &str = "Your program was stopped before it had shown its schedules. If your computer is \
                       busy, close other programs, and try again. If it isn't: does your `main` wait \
                       for something?";

/// Limits how long it may take, on a busy machine too. A program that is stuck ends by itself.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Runs the part of a submission that its support explores, in every schedule. Returns what was
/// covered.
///
/// # Errors
///
/// A schedule fails: the message shows the shortest one.
pub fn explored(submission: &Submission) -> Verdict {
    // The program sends no request, but every run has a server.
    let server = serve(&settings(1))?;
    // A submission can't write the report itself without looking for the file's name.
    let file = format!("schedules-{:x}.json", submission.random().u64(..));
    let run = submission.start_with(&server, &[(explore::VARIABLE, &file)])?.wait_for(TIMEOUT)?;
    let report = run.files.get(&file).and_then(|json| serde_json::from_slice(json).ok());
    let Some(report) = report else {
        if run.was_stopped() {
            return Err(STOPPED.into());
        }
        run.succeeded()?;
        return Err(NO_REPORT.into());
    };
    match &report {
        Report { failure: None, .. } => Ok(report.covered()),
        Report { failure: Some(failure), .. } => {
            let kept = keep(&report, failure).map_or_else(
                |_| String::new(),
                |path| format!("\n\nThe schedule is also in `{}`.", path.display()),
            );
            Err(format!("{}{kept}", failure.picture(&report, &source(failure))))
        }
    }
}

/// Writes a report beside this program, for the page that replays it.
fn keep(report: &Report, failure: &Failure) -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let folder = program.with_file_name("schedules");
    fs::create_dir_all(&folder)?;
    let name = Path::new(&failure.file).with_extension("json");
    let path = folder.join(name.file_name().unwrap_or_default());
    fs::write(&path, serde_json::to_vec_pretty(report)?)?;
    let here = env::current_dir()?;
    Ok(path.strip_prefix(here).map_or(path.clone(), Path::to_owned))
}

/// The text of the submission, or nothing if the file isn't found.
fn source(failure: &Failure) -> String {
    let package = env::var_os("CARGO_MANIFEST_DIR");
    let package = package.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    // The compiler names files from the root of the workspace.
    fs::read_to_string(package.with_file_name("").join(&failure.file)).unwrap_or_default()
}
