//! A student's submission: one file, which cargo builds as a program of this package.

use console::{Term, strip_ansi_codes};
use exercises::judge::{Source, Submission};
use exercises::task::Task;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::mem;
use std::path::PathBuf;
use std::process::{ChildStderr, Command, Stdio};
use std::thread;
use std::time::SystemTime;

/// The words with which cargo reports its progress. They may follow a colour.
const PROGRESS: [&str; 2] = ["Compiling", "Finished"];

/// The source file of a submission, whether it exists or not.
pub struct SubmissionFile {
    program: String,
    starter: String,
    package: PathBuf,
    file: PathBuf,
    /// Where cargo puts what it builds, if not where it does by default.
    target: Option<PathBuf>,
}

impl SubmissionFile {
    /// The submission to this task.
    pub fn of(task: &Task) -> Self {
        Self::in_package(task, package(), None)
    }

    /// The submission to this task in a copy of the package. Cargo builds it in this folder.
    pub fn copied(task: &Task, package: PathBuf, target: PathBuf) -> Self {
        Self::in_package(task, package, Some(target))
    }

    fn in_package(task: &Task, package: PathBuf, target: Option<PathBuf>) -> Self {
        let program = task.program();
        let file = package.join(format!("src/bin/{program}.rs"));
        Self { program, starter: task.starter(), package, file, target }
    }

    /// The name of its program, such as `task-03`.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The folder that it is in.
    pub fn folder(&self) -> PathBuf {
        self.package.join("src/bin")
    }

    /// Its text; empty if it can't be read.
    pub fn text(&self) -> String {
        fs::read(&self.file).map(|it| String::from_utf8_lossy(&it).into_owned()).unwrap_or_default()
    }

    /// Writes another text into it.
    pub fn replace(&self, text: &[u8]) -> io::Result<()> {
        fs::create_dir_all(self.folder())?;
        fs::write(&self.file, text)
    }

    /// Removes it.
    pub fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.file)
    }

    /// Its path, relative to the root of the workspace.
    pub fn path(&self) -> String {
        format!("exercises/src/bin/{}.rs", self.program)
    }

    /// Whether it exists.
    pub fn exists(&self) -> bool {
        self.file.exists()
    }

    /// Creates it from the starter unless it exists. Returns whether it did.
    pub fn begin(&self) -> io::Result<bool> {
        // Perhaps the whole checkout is read-only.
        let named = |error: io::Error| {
            let message = format!("cannot write {}: {error}", self.file.display());
            io::Error::new(error.kind(), message)
        };
        fs::create_dir_all(self.folder()).map_err(named)?;
        match File::create_new(&self.file) {
            Ok(mut file) => file.write_all(self.starter.as_bytes()).map(|()| true).map_err(named),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(named(error)),
        }
    }

    /// Renames it so that it is no program any more. Returns its new path, relative to the root of the
    /// workspace; `None` if it doesn't exist.
    pub fn set_aside(&self) -> io::Result<Option<String>> {
        if !self.exists() {
            return Ok(None);
        }
        let names = (1..).map(|number| format!("{}.rs.old-{number}", self.program));
        let unused = names.map(|name| self.folder().join(name)).find(|path| !path.exists());
        let path = unused.ok_or(ErrorKind::AlreadyExists)?;
        fs::rename(&self.file, &path)?;
        Ok(path.file_name().map(|name| format!("exercises/src/bin/{}", name.display())))
    }

    /// Builds it. Returns the compiler's first error if it doesn't compile. All messages go to stderr if
    /// `verbose`.
    pub fn build(&self, verbose: bool, seed: u64) -> io::Result<Result<Submission, String>> {
        // Cargo compares times: a file that was renamed, copied or unpacked may be older than the
        // program that another text was built into.
        File::options().append(true).open(&self.file)?.set_modified(SystemTime::now())?;
        let mut command = Command::new(cargo());
        // The variables that `cargo run` has set would make this cargo rebuild some crates.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"].iter().any(|it| text.starts_with(it)) {
                let _ = command.env_remove(&name);
            }
        }
        let _ = command
            .args(["build", "--package", "exercises", "--bin", &self.program])
            .arg("--message-format=json-render-diagnostics")
            .args(
                self.target.iter().flat_map(|target| ["--target-dir".as_ref(), target.as_os_str()]),
            )
            .current_dir(&self.package)
            .args(colour())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut cargo = command.spawn()?;
        let messages = cargo.stderr.take();
        let error = thread::spawn(move || messages.map(|it| first_error(it, verbose)));
        let output = cargo.wait_with_output()?;
        let error = error.join().ok().flatten().unwrap_or_default();
        if !output.status.success() {
            return Ok(Err(error));
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
        let program = messages
            .filter(|message: &Value| message["target"]["name"] == *self.program)
            .find_map(|message| message["executable"].as_str().map(PathBuf::from));
        let source = Source::new(self.text());
        Ok(program.map(|program| Submission::new(program, source, seed)).ok_or(error))
    }
}

/// This package's folder. The path that cargo sets at run time has priority, because the checkout
/// may have moved since the build.
pub fn package() -> PathBuf {
    let now = std::env::var_os("CARGO_MANIFEST_DIR");
    now.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

/// Returns the first error among cargo's messages, and its location. If `verbose`, passes them all on,
/// but for cargo's progress: `--quiet` would also hide that it waits for another cargo.
fn first_error(messages: ChildStderr, verbose: bool) -> String {
    let mut error = String::new();
    let mut is_next = false;
    // A source line that cargo quotes may not be UTF-8.
    for line in BufReader::new(messages).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        let text = strip_ansi_codes(&line);
        if error.is_empty() && text.starts_with("error") {
            (error, is_next) = (text.into_owned(), true);
        } else if mem::take(&mut is_next) && text.trim_start().starts_with("-->") {
            error = format!("{error} {}", text.trim_start());
        }
        let mut words = line.split_whitespace().take(2);
        let is_progress =
            words.any(|word| PROGRESS.iter().any(|progress| word.starts_with(progress)));
        if verbose && !is_progress {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
    error
}

/// Cargo does not colour what it prints into a pipe.
fn colour() -> Option<&'static str> {
    shared::is_coloured(&Term::stderr()).then_some("--color=always")
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
