//! A submission: a program that is meant to solve a task. It may hang, panic or leave files behind.

use super::process::Process;
use super::run::{Printed, Run};
use practice::Server;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};
use tempfile::TempDir;

/// Limits how long all runs of one check may take together.
const CHECK_TIMEOUT: Duration = Duration::from_secs(20);

/// A program that is meant to solve a task.
pub struct Submission {
    program: PathBuf,
    kept: Option<String>,
    until: Instant,
    printed: Arc<Mutex<Vec<Printed>>>,
}

impl Submission {
    /// The program at this path. All its runs have to end within 20 s from now.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            kept: None,
            until: Instant::now() + CHECK_TIMEOUT,
            printed: Arc::default(),
        }
    }

    /// One of the submissions that the program `submissions` consists of, such as
    /// `03-lock-held/solution.rs`.
    pub fn kept(program: impl Into<PathBuf>, file: &str) -> Self {
        Self { kept: Some(file.to_owned()), ..Self::new(program) }
    }

    /// Starts it in an empty folder. It sends its requests to this server.
    pub fn start(&self, server: &Server) -> Result<Running, String> {
        self.start_with(server, &[])
    }

    /// Starts it with further environment variables.
    pub fn start_with(
        &self,
        server: &Server,
        variables: &[(&str, &str)],
    ) -> Result<Running, String> {
        self.spawn(server, variables).map_err(|error| format!("cannot start the program: {error}"))
    }

    /// Runs it to its end.
    pub fn run(&self, server: &Server) -> Result<Run, String> {
        self.start(server)?.wait()
    }

    /// What each of its runs has printed so far.
    pub fn printed(&self) -> Vec<Printed> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn spawn(&self, server: &Server, variables: &[(&str, &str)]) -> io::Result<Running> {
        let dir = TempDir::new()?;
        let folder = dir.path().join("empty");
        fs::create_dir(&folder)?;
        let mut command = Command::new(&self.program);
        command
            .current_dir(folder)
            .env("CLIENT_ID", "exercises")
            .env("IMGUR_API_URL", server.api_url())
            .env("RUST_BACKTRACE", "0")
            .env_remove("ALBUM")
            .envs(self.kept.iter().map(|file| ("SUBMISSION", file)))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            // Files, unlike pipes, need no reader while the program runs.
            .stdout(File::create(dir.path().join("stdout"))?)
            .stderr(File::create(dir.path().join("stderr"))?);
        let album = variables.iter().find(|(name, _)| *name == "ALBUM");
        Ok(Running {
            process: Process::start(&mut command, dir.path())?,
            dir,
            album: album.map(|(_, album)| (*album).to_owned()),
            started: Instant::now(),
            until: self.until,
            printed: Arc::clone(&self.printed),
        })
    }
}

/// A submission that runs. It is ended when this is dropped.
pub struct Running {
    // Dropped before its folder.
    process: Process,
    dir: TempDir,
    album: Option<String>,
    started: Instant,
    until: Instant,
    printed: Arc<Mutex<Vec<Printed>>>,
}

impl Running {
    /// The folder in which it runs.
    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("empty")
    }

    /// The files in its folder as they are now, by path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.folder())
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.process.child.try_wait(), Ok(Some(_)))
    }

    /// How much is left of the check's time.
    pub fn time_left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Waits for its end, and ends it when the check's time is over.
    pub fn wait(self) -> Result<Run, String> {
        let timeout = self.time_left();
        self.wait_for(timeout)
    }

    /// Waits for its end, and ends it after this timeout.
    pub fn wait_for(mut self, timeout: Duration) -> Result<Run, String> {
        let until = Instant::now() + timeout.min(self.time_left());
        while !self.has_ended() && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        let status = self.process.child.try_wait().map_err(|error| error.to_string())?;
        let text = |name| {
            let bytes = fs::read(self.dir.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (album, stdout, stderr) = (self.album.clone(), text("stdout"), text("stderr"));
        let printed = Printed { album, stdout: stdout.clone(), stderr: stderr.clone() };
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).push(printed);
        Ok(Run { status, stdout, stderr, files: self.files(), ran: self.started.elapsed() })
    }
}

/// All files below a folder, by their paths in it, with slashes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let (Ok(inside), Ok(bytes)) = (path.strip_prefix(folder), fs::read(&path)) {
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                drop(found.insert(parts.join("/"), bytes));
            }
        }
    }
    found
}
