//! What the tests need to run a program as its user would, and to judge what it did.
//!
//! A program runs in a folder of its own, with an environment that holds nothing by accident
//! ([`Program`]). Imgur is played by the practice server, by mockito, or, where HTTP itself has to
//! go wrong, by a [`Stub`].

#![warn(missing_docs)]

mod stub;
#[cfg(unix)]
mod terminal;

pub use stub::{Answer, Asked, Stub, Then, listed, picture};
#[cfg(unix)]
pub use terminal::Terminal;

use practice::Server;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long an event may take that is bound to come. Only a broken program waits so long.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A program about to be run.
pub struct Program {
    command: Command,
    dir: TempDir,
}

impl Program {
    /// The program, in an empty working folder and without any credentials.
    pub fn new(exe: &str) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(exe);
        command.current_dir(&dir).env_clear().stdin(Stdio::null());
        // Without these two nothing runs on Windows.
        for name in ["SYSTEMROOT", "PATH"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        Self { command, dir }
    }

    /// With credentials for this practice server.
    pub fn at(self, server: &Server) -> Self {
        self.at_url(&server.api_url())
    }

    /// With credentials for the API at this address.
    pub fn at_url(self, api_url: &str) -> Self {
        self.env("CLIENT_ID", "some-id").env("IMGUR_API_URL", api_url)
    }

    /// With an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With arguments, separated by spaces.
    pub fn args(mut self, args: &str) -> Self {
        self.command.args(args.split_whitespace());
        self
    }

    /// With one argument, whatever it holds.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// With `--workers`, unless it is the program that has none.
    pub fn workers(self, number: usize) -> Self {
        if self.command.get_program().to_string_lossy().contains("01-sync") {
            return self;
        }
        self.args(&format!("--workers {number}"))
    }

    /// The working folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A file in the working folder, made with all its parents.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    /// Starts it on a terminal, which gets all that it prints.
    #[cfg(unix)]
    pub fn start_on(mut self, terminal: &Terminal) -> Running {
        let child = self.command.stdout(terminal.end()).stderr(terminal.end()).spawn();
        Running { child: child.expect("the program starts"), dir: Some(self.dir) }
    }

    /// Starts it.
    pub fn start(mut self) -> Running {
        let output = |name: &str| {
            let path = self.dir.path().join(name);
            (File::create(&path).expect("a file"), path)
        };
        // Files, not pipes: nobody has to read them while the program runs.
        let (stdout, _) = output(".stdout");
        let (stderr, _) = output(".stderr");
        let child = self.command.stdout(stdout).stderr(stderr).spawn();
        Running { child: child.expect("the program starts"), dir: Some(self.dir) }
    }

    /// Runs it to its end.
    pub fn run(self) -> Outcome {
        self.start().wait()
    }
}

/// A program that runs.
pub struct Running {
    child: Child,
    /// Until it has ended.
    dir: Option<TempDir>,
}

impl Running {
    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The working folder.
    pub fn dir(&self) -> &Path {
        self.dir.as_ref().expect("it has not ended").path()
    }

    /// What it has printed on stdout up to now.
    pub fn stdout(&self) -> String {
        fs::read_to_string(self.path(".stdout")).expect("it is there")
    }

    /// Ends it, without a chance to tidy up.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Outcome {
        let status =
            await_some("the end of the program", || self.child.try_wait().expect("it is ours"));
        let read = |name: &str| {
            let bytes = fs::read(self.path(name)).unwrap_or_default();
            String::from_utf8(bytes).expect("programs print text")
        };
        let (stdout, stderr) = (read(".stdout"), read(".stderr"));
        Outcome { status, stdout, stderr, dir: self.dir.take().expect("until now") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }
}

impl Drop for Running {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
    }
}

/// What a program left behind.
pub struct Outcome {
    status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
    dir: TempDir,
}

impl Outcome {
    /// Its exit code; none if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Fails, with what the program said, unless it ended with this code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The files in the folder `downloads`, by name.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files_in("downloads")
    }

    /// The files in a folder, by name; also those that are hidden.
    pub fn files_in(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else {
            return BTreeMap::new();
        };
        let entries = entries.map(|entry| entry.expect("an entry"));
        let files = entries.filter(|entry| entry.file_type().expect("a type").is_file());
        files
            .map(|file| {
                let name = file.file_name().into_string().expect("names are text");
                (name, fs::read(file.path()).expect("it can be read"))
            })
            .collect()
    }

    /// The names of the files in the folder `downloads`.
    pub fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    /// A path in the working folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What `--json` printed: one object and nothing else.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// What failed, by `--json`: the end of each link, and the reason.
    #[track_caller]
    pub fn failures(&self) -> Vec<(String, String)> {
        let json = self.json();
        let failed = json["failed"].as_array().expect("a list");
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        let end = |link: String| link.rsplit('/').next().unwrap_or_default().to_owned();
        failed.iter().map(|it| (end(text(&it["link"])), text(&it["error"]))).collect()
    }
}

/// Waits for an event that is bound to come.
#[track_caller]
pub fn await_some<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now() + PATIENCE;
    loop {
        if let Some(event) = look() {
            return event;
        }
        assert!(Instant::now() < patience, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until something is the case.
#[track_caller]
pub fn await_that(what: &str, mut look: impl FnMut() -> bool) {
    await_some(what, || look().then_some(()));
}

/// The processes that this process has started and that still run.
#[cfg(target_os = "linux")]
pub fn children(id: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let listed = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    listed
        .flat_map(|ids| ids.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .filter(|id| is_alive(*id))
        .collect()
}

/// Whether a process runs; one that has ended and was not waited for does not.
#[cfg(target_os = "linux")]
pub fn is_alive(id: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = status.rsplit(") ").next().and_then(|rest| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

/// How many threads a process has.
#[cfg(target_os = "linux")]
pub fn threads(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count)
}
