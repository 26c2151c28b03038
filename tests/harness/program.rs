//! A program's life: about to run ([`Program`]), running ([`Running`]), ended ([`Outcome`]).

#[cfg(unix)]
use crate::terminal::Terminal;
use crate::wait::wait_for;
use practice::Server;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use tempfile::TempDir;

/// A program that has not started yet.
pub struct Program {
    command: Command,
    dir: TempDir,
}

impl Program {
    /// The executable `exe`, in an empty working folder and without credentials.
    pub fn new(exe: &str) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(exe);
        command.current_dir(&dir).env_clear().stdin(Stdio::null());
        // Windows cannot start a program without these two variables.
        for name in ["SYSTEMROOT", "PATH"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        Self { command, dir }
    }

    /// Adds credentials for a practice server.
    pub fn at(self, server: &Server) -> Self {
        self.at_url(&server.api_url())
    }

    /// Adds credentials for the API at this URL.
    pub fn at_url(self, api_url: &str) -> Self {
        self.env("CLIENT_ID", "some-id").env("IMGUR_API_URL", api_url)
    }

    /// Adds an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds arguments, separated by spaces.
    pub fn args(mut self, args: &str) -> Self {
        self.command.args(args.split_whitespace());
        self
    }

    /// Adds one argument, which may contain spaces.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds `--workers`, except for `01-sync`, which does not have the option.
    pub fn workers(self, number: usize) -> Self {
        if self.command.get_program().to_string_lossy().contains("01-sync") {
            return self;
        }
        self.args(&format!("--workers {number}"))
    }

    /// Leaves stdin open until [`Running::press_enter`] or the end.
    pub fn with_stdin(mut self) -> Self {
        self.command.stdin(Stdio::piped());
        self
    }

    /// The working folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file in the working folder, and creates its parent folders.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a new folder");
        fs::write(path, content).expect("a new file");
        self
    }

    /// Starts the program on a terminal, which receives stdout and stderr.
    #[cfg(unix)]
    pub fn start_on(mut self, terminal: &Terminal) -> Running {
        let child = self.command.stdout(terminal.end()).stderr(terminal.end()).spawn();
        Running { child: child.expect("the program starts"), dir: Some(self.dir) }
    }

    /// Starts the program.
    pub fn start(mut self) -> Running {
        // Files instead of pipes: a pipe that is not read while the program runs can block it.
        let file = |name: &str| File::create(self.dir.path().join(name)).expect("a new file");
        let child = self.command.stdout(file(".stdout")).stderr(file(".stderr")).spawn();
        Running { child: child.expect("the program starts"), dir: Some(self.dir) }
    }

    /// Starts the program and waits for its end.
    pub fn run(self) -> Outcome {
        self.start().wait()
    }
}

/// A running program. Dropping this kills it.
pub struct Running {
    child: Child,
    /// `None` once `wait` has handed the folder over.
    dir: Option<TempDir>,
}

impl Running {
    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The working folder.
    pub fn dir(&self) -> &Path {
        self.dir.as_ref().expect("`wait` consumes self").path()
    }

    /// What the program has printed on stdout so far.
    pub fn stdout(&self) -> String {
        fs::read_to_string(self.path(".stdout")).expect("`start` creates it")
    }

    /// What the program has printed on stderr so far.
    pub fn stderr(&self) -> String {
        fs::read_to_string(self.path(".stderr")).expect("`start` creates it")
    }

    /// Writes a line break to stdin, which stays open.
    pub fn press_enter(&mut self) {
        let stdin = self.child.stdin.as_mut().expect("it was started with stdin");
        stdin.write_all(b"\n").expect("the program reads stdin");
    }

    /// Kills the program, which then cannot clean up.
    pub fn kill(&mut self) {
        self.child.kill().expect("it is running");
    }

    /// Waits for the program's end. Panics after [`crate::EVENT_TIMEOUT`].
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        let status =
            wait_for("the end of the program", || self.child.try_wait().expect("it is our child"));
        let read = |name: &str| {
            // A program on a terminal has no such files.
            let bytes = fs::read(self.path(name)).unwrap_or_default();
            String::from_utf8(bytes).expect("programs print UTF-8")
        };
        let (stdout, stderr) = (read(".stdout"), read(".stderr"));
        Outcome { status, stdout, stderr, dir: self.dir.take().expect("`wait` consumes self") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The program may have ended already.
        let _ = self.child.kill();
    }
}

/// What a program left behind when it ended.
pub struct Outcome {
    status: ExitStatus,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
    dir: TempDir,
}

impl Outcome {
    /// The exit code; `None` if a signal ended the program.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Panics, showing the output, unless this was the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The files in the folder `downloads`, by name.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files_in("downloads")
    }

    /// The files in a folder, by name, hidden ones included. A missing folder has none.
    pub fn files_in(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else {
            return BTreeMap::new();
        };
        let entries = entries.map(|entry| entry.expect("an entry"));
        let files = entries.filter(|entry| entry.file_type().expect("a type").is_file());
        files
            .map(|file| {
                let name = file.file_name().into_string().expect("the name is UTF-8");
                (name, fs::read(file.path()).expect("it is readable"))
            })
            .collect()
    }

    /// The names of the files in the folder `downloads`, sorted.
    pub fn file_names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    /// A path in the working folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Stdout, parsed as one JSON value. Panics if it is anything else.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// The failed images in the output of `--json`: the last segment of the link, and the error.
    #[track_caller]
    pub fn failures(&self) -> Vec<(String, String)> {
        let json = self.json();
        let failed = json["failed"].as_array().expect("a list");
        let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
        let last = |link: String| link.rsplit('/').next().unwrap_or_default().to_owned();
        failed.iter().map(|image| (last(text(&image["link"])), text(&image["error"]))).collect()
    }
}
