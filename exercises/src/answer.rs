//! A student's answer: one file, which cargo builds as a program of this package.

use exercises::attempt::Attempt;
use exercises::task::Task;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// The answer to a task.
pub struct Answer {
    program: String,
    starter: String,
    file: PathBuf,
}

impl Answer {
    /// The answer to this task, begun or not.
    pub fn to(task: &Task) -> Self {
        let program = task.program();
        let file = package().join(format!("src/bin/{program}.rs"));
        Self { program, starter: task.starter(), file }
    }

    /// The path of its file, as one would write it at the root of the workspace.
    pub fn path(&self) -> String {
        format!("exercises/src/bin/{}.rs", self.program)
    }

    /// Whether its file is there.
    pub fn is_begun(&self) -> bool {
        self.file.exists()
    }

    /// When it was saved the last time.
    pub fn saved_at(&self) -> Option<SystemTime> {
        fs::metadata(&self.file).and_then(|data| data.modified()).ok()
    }

    /// Makes its file from the starter, if there is none; whether it did. Nothing is overwritten.
    pub fn begin(&self) -> io::Result<bool> {
        fs::create_dir_all(package().join("src/bin"))?;
        match File::create_new(&self.file) {
            Ok(mut file) => file.write_all(self.starter.as_bytes()).map(|()| true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Builds it; none if it does not compile. The compiler speaks on stderr, if it may.
    pub fn build(&self, aloud: bool) -> io::Result<Option<Attempt>> {
        let mut command = Command::new(cargo());
        // What `cargo run` tells this program about itself would make cargo build some crates anew.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                let _ = command.env_remove(&name);
            }
        }
        let output = command
            .args(["build", "--quiet", "--package", "exercises", "--bin", &self.program])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(package())
            .stderr(if aloud { Stdio::inherit() } else { Stdio::null() })
            .output()?;
        if !output.status.success() {
            return Ok(None);
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
        let program = messages
            .filter(|message: &Value| message["target"]["name"] == *self.program)
            .find_map(|message| message["executable"].as_str().map(PathBuf::from));
        Ok(program.map(Attempt::new))
    }
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
