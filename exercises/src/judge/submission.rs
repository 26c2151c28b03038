//! A submission: a program that is meant to solve a task. It may hang, panic or leave files behind.

use super::files::files;
use super::output::Output;
use super::process::Process;
use super::run::{Printed, Run};
use super::source::Source;
use super::timeout::Timeout;
use fastrand::Rng;
use practice::Server;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io};

/// Limits how long all runs of one check may take together. A correct submission needs a few
/// seconds, and more on a slow or busy machine. One that hangs is ended earlier.
const CHECK_TIMEOUT: Duration = Duration::from_mins(5);
/// Limits how long a program may be idle before its end. No response takes that long.
const END_TIMEOUT: Duration = Duration::from_secs(20);

/// How many threads tokio's runtime and rayon's pool start if the submission sets no number: the verdict
/// must not depend on the machine's cores. The numbers differ, so that a check can tell which one it was.
const TOKIO_THREADS: &str = "2";
const RAYON_THREADS: &str = "3";

const PRINTS_TOO_MUCH: &str = "Your program printed more than 16 MB, which is too much to check. \
                               Which loop prints without end?";

/// A program that is meant to solve a task.
pub struct Submission {
    program: PathBuf,
    kept: Option<String>,
    source: Source,
    seed: u64,
    until: Instant,
    printed: Arc<Mutex<Vec<Printed>>>,
}

impl Submission {
    /// The program at this path, which was built from `source`. What a check draws at random comes
    /// from `seed`. All its runs have to end within five minutes from now.
    pub fn new(program: impl Into<PathBuf>, source: Source, seed: u64) -> Self {
        Self {
            program: program.into(),
            kept: None,
            source,
            seed,
            until: Instant::now() + CHECK_TIMEOUT,
            printed: Arc::default(),
        }
    }

    /// A submission that is kept in the repository, such as `03-lock-held/solution.rs`. All of them
    /// are compiled into one program, `submissions`, whose path is `program`.
    pub fn kept(program: impl Into<PathBuf>, file: &str, source: Source, seed: u64) -> Self {
        Self { kept: Some(file.to_owned()), ..Self::new(program, source, seed) }
    }

    /// Its source.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What a check draws at random. Each call begins anew.
    pub fn random(&self) -> Rng {
        Rng::with_seed(self.seed)
    }

    /// Whether the program is one that the repository keeps: it has one more thread than others,
    /// which limits its life.
    pub(super) fn is_kept(&self) -> bool {
        self.kept.is_some()
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
        let (stdout, to_stdout) = Output::new()?;
        let (stderr, to_stderr) = Output::new()?;
        let mut command = Command::new(&self.program);
        command
            .env("CLIENT_ID", "exercises")
            .env("IMGUR_API_URL", server.api_url())
            .env("RUST_BACKTRACE", "0")
            .env("TOKIO_WORKER_THREADS", TOKIO_THREADS)
            .env("RAYON_NUM_THREADS", RAYON_THREADS)
            .env_remove("ALBUM")
            .envs(self.kept.iter().map(|file| ("SUBMISSION", file)))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(to_stdout)
            .stderr(to_stderr);
        let album = variables.iter().find(|(name, _)| *name == "ALBUM");
        Ok(Running {
            process: Process::start(&mut command)?,
            stdout,
            stderr,
            album: album.map(|(_, album)| (*album).to_owned()),
            started: Instant::now(),
            until: self.until,
            printed: Arc::clone(&self.printed),
        })
    }
}

/// A running submission. Dropping it kills the process.
pub struct Running {
    process: Process,
    stdout: Output,
    stderr: Output,
    album: Option<String>,
    started: Instant,
    until: Instant,
    printed: Arc<Mutex<Vec<Printed>>>,
}

impl Running {
    /// The id of its process, and of its process group.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The folder in which it runs.
    pub fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// The files in its folder as they are now, by path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(self.folder())
    }

    /// Sends it Ctrl-C: SIGINT, to its process alone. On Windows, where only the own console can get
    /// one, creates the file `stop` in its folder.
    pub fn interrupt(&self) -> io::Result<()> {
        #[cfg(unix)]
        if let Some(id) = rustix::process::Pid::from_raw(self.id().cast_signed()) {
            rustix::process::kill_process(id, rustix::process::Signal::INT)?;
        }
        #[cfg(not(unix))]
        std::fs::write(self.folder().join("stop"), "")?;
        Ok(())
    }

    /// Ends a process that it has started. Returns false if this is no such process: it must be in the
    /// same process group. Not on Windows.
    pub fn end_descendant(&self, id: u32) -> bool {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, getpgid, kill_process};
            let (own, other) = (self.id().cast_signed(), id.cast_signed());
            let (Some(own), Some(other)) = (Pid::from_raw(own), Pid::from_raw(other)) else {
                return false;
            };
            own != other
                && getpgid(Some(other)) == Ok(own)
                && kill_process(other, Signal::KILL).is_ok()
        }
        #[cfg(not(unix))]
        {
            let _ = id;
            false
        }
    }

    /// How many files it has written: those in its folder and in the folders there.
    pub(super) fn written(&self) -> usize {
        let count = |folder: &Path| fs::read_dir(folder).map_or(0, Iterator::count);
        let entries = fs::read_dir(self.folder()).into_iter().flatten().flatten();
        entries.map(|entry| 1 + count(&entry.path())).sum()
    }

    /// Whether it has ended by itself, or must be ended because it prints too much.
    pub fn has_ended(&mut self) -> bool {
        self.process.has_ended() || self.prints_too_much()
    }

    fn prints_too_much(&self) -> bool {
        self.stdout.is_too_long() || self.stderr.is_too_long()
    }

    /// How much of the check's time is left.
    pub(super) fn time_left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Waits for its end, and ends it when it has been idle for twenty seconds, or the check's time has
    /// run out.
    pub fn wait(self) -> Result<Run, String> {
        self.wait_for(END_TIMEOUT)
    }

    /// Waits for its end, and ends it after this [`Timeout`].
    pub fn wait_for(mut self, time: Duration) -> Result<Run, String> {
        let mut timeout = Timeout::new(time);
        while !self.has_ended() && !timeout.is_over(&self, false) {}
        let text = |error: io::Error| error.to_string();
        let status = self.process.end().map_err(text)?;
        let (files, prints_too_much) = (self.files(), self.prints_too_much());
        let stdout = self.stdout.into_end().map_err(text)?;
        let stderr = self.stderr.into_end().map_err(text)?;
        let printed = Printed { album: self.album, stdout: stdout.clone(), stderr: stderr.clone() };
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).push(printed);
        if prints_too_much {
            return Err(PRINTS_TOO_MUCH.into());
        }
        Ok(Run { status, stdout, stderr, files, ran: self.started.elapsed() })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::judge::{serve, settings};

    #[test]
    fn a_submission_that_prints_without_end_is_stopped() {
        let server = serve(&settings(1)).unwrap();
        let submission = Submission::new("yes", Source::default(), 1);
        let message = submission.run(&server).err().unwrap();
        assert!(message.contains("more than 16 MB"), "{message}");
        let printed = &submission.printed()[0].stdout;
        assert!(printed.ends_with("y\ny\n") && printed.len() <= 64 << 10, "{}", printed.len());
    }
}
