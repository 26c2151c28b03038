//! A student's submission: one file, which cargo builds as a program of this package.

use exercises::judge::{Source, Submission};
use exercises::task::Task;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// The source file of a submission, whether it exists or not.
pub struct SubmissionFile {
    program: String,
    starter: String,
    file: PathBuf,
}

impl SubmissionFile {
    /// The submission to this task.
    pub fn of(task: &Task) -> Self {
        let program = task.program();
        let file = package().join(format!("src/bin/{program}.rs"));
        Self { program, starter: task.starter(), file }
    }

    /// Its path, relative to the root of the workspace.
    pub fn path(&self) -> String {
        format!("exercises/src/bin/{}.rs", self.program)
    }

    /// Whether it exists.
    pub fn exists(&self) -> bool {
        self.file.exists()
    }

    /// When it was last modified.
    pub fn saved_at(&self) -> Option<SystemTime> {
        fs::metadata(&self.file).and_then(|data| data.modified()).ok()
    }

    /// Creates it from the starter unless it exists. Returns whether it did.
    pub fn begin(&self) -> io::Result<bool> {
        fs::create_dir_all(package().join("src/bin"))?;
        match File::create_new(&self.file) {
            Ok(mut file) => file.write_all(self.starter.as_bytes()).map(|()| true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Builds it. Returns `None` if it doesn't compile. The compiler's messages go to stderr if
    /// `verbose`.
    pub fn build(&self, verbose: bool, seed: u64) -> io::Result<Option<Submission>> {
        let mut command = Command::new(cargo());
        // The variables that `cargo run` has set would make this cargo rebuild some crates.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"].iter().any(|it| text.starts_with(it)) {
                let _ = command.env_remove(&name);
            }
        }
        let output = command
            .args(["build", "--quiet", "--package", "exercises", "--bin", &self.program])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(package())
            .stderr(if verbose { Stdio::inherit() } else { Stdio::null() })
            .output()?;
        if !output.status.success() {
            return Ok(None);
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
        let program = messages
            .filter(|message: &Value| message["target"]["name"] == *self.program)
            .find_map(|message| message["executable"].as_str().map(PathBuf::from));
        let source = Source::new(fs::read_to_string(&self.file)?);
        Ok(program.map(|program| Submission::new(program, source, seed)))
    }
}

/// This package's folder. The path that cargo sets at run time has priority, because the checkout
/// may have moved since the build.
pub fn package() -> PathBuf {
    let now = std::env::var_os("CARGO_MANIFEST_DIR");
    now.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
