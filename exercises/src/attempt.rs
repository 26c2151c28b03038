//! An attempt at a task, run as a process of its own: it may hang, panic or leave things behind.

use practice::Server;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};
use tempfile::TempDir;

/// How long all runs of one check may take together.
const LIMIT: Duration = Duration::from_secs(15);

/// The processes that run now, each of which leads a group of its own, and their folders.
static RUNNING: Mutex<Vec<(u32, PathBuf)>> = Mutex::new(Vec::new());

/// A program that tries to solve a task.
pub struct Attempt {
    program: PathBuf,
    name: Option<String>,
    until: Instant,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Attempt {
    /// The program at this path. From now on the time runs in which all has to be done.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            name: None,
            until: Instant::now() + LIMIT,
            printed: Arc::default(),
        }
    }

    /// One of the attempts that the program `attempts` holds, such as `03-lock-held/solution.rs`.
    pub fn named(program: impl Into<PathBuf>, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::new(program) }
    }

    /// Starts it in an empty folder, to ask this server.
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

    /// What it has printed, on stdout and stderr, in each of its runs up to now.
    pub fn printed(&self) -> Vec<String> {
        locked(&self.printed).clone()
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
            .envs(self.name.iter().map(|name| ("ATTEMPT", name)))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            // Files, not pipes: nobody has to read them while the program runs.
            .stdout(File::create(dir.path().join("stdout"))?)
            .stderr(File::create(dir.path().join("stderr"))?);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut running = locked(&RUNNING);
        let child = command.spawn()?;
        running.push((child.id(), dir.path().to_owned()));
        let (started, until) = (Instant::now(), self.until);
        Ok(Running { child, dir, started, until, printed: Arc::clone(&self.printed) })
    }
}

/// An attempt that runs. It is ended when this is dropped.
pub struct Running {
    child: Child,
    dir: TempDir,
    started: Instant,
    until: Instant,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The folder in which it runs.
    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("empty")
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// How much is left of the time that the check has.
    pub fn time_left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Waits for its end, as long as there is time, and then ends it.
    pub fn wait(self) -> Result<Run, String> {
        let most = self.time_left();
        self.wait_for(most)
    }

    /// Waits for its end, but not longer than this, and then ends it.
    pub fn wait_for(mut self, most: Duration) -> Result<Run, String> {
        let until = Instant::now() + most.min(self.time_left());
        while !self.has_ended() && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        let status = self.child.try_wait().map_err(|error| error.to_string())?;
        let text = |name| {
            let bytes = fs::read(self.dir.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (stdout, stderr) = (text("stdout"), text("stderr"));
        locked(&self.printed).push(format!("{stdout}{stderr}"));
        Ok(Run {
            status,
            stdout,
            stderr,
            files: files(&self.folder()),
            ran: self.started.elapsed(),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(self.child.id());
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        locked(&RUNNING).retain(|(id, _)| *id != self.child.id());
    }
}

/// Ends all attempts that run, and removes their folders: for a check that is itself stopped.
pub fn end_all() {
    for (id, dir) in locked(&RUNNING).iter() {
        end(*id);
        // What cannot be removed lies in the system's folder for such things.
        let _ = fs::remove_dir_all(dir);
    }
}

/// What a lock guards is usable even if a thread panicked with it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a process together with all that it has started.
#[cfg(unix)]
fn end(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = Pid::from_raw(id.cast_signed()) {
        // It fails if nobody is left.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end(_: u32) {}

/// All files below a folder, by their paths in it, written with slashes.
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

/// What a run left behind.
pub struct Run {
    /// None: it had not ended, and was ended.
    status: Option<ExitStatus>,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
    /// The files in its folder, by path, such as `downloads/a.png`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// How long it ran, or was allowed to.
    ran: Duration,
}

impl Run {
    /// Its exit code, unless it had to be ended.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Whether it was still running when its time was over.
    pub fn was_stopped(&self) -> bool {
        self.status.is_none()
    }

    /// An error, unless it ended by itself and without a panic.
    pub fn ended(&self) -> Result<(), String> {
        let Some(status) = self.status else {
            return Err(format!(
                "Your program had not ended after {:.0?}, and was stopped. It waits for something \
                 that does not come: a thread, a lock, a channel that nobody closes?",
                self.ran
            ));
        };
        match status.code() {
            Some(101) => Err(format!("Your program panicked: {}", self.panic())),
            None => Err(format!("Your program was ended by a signal ({status}).")),
            Some(_) => Ok(()),
        }
    }

    /// The words of its first panic, and where it was.
    fn panic(&self) -> String {
        let mut lines = self.stderr.lines().skip_while(|line| !line.contains("panicked at "));
        let place = lines.next().and_then(|line| line.split("panicked at ").nth(1));
        let place = place.unwrap_or_default().trim_end_matches(':');
        format!("{} ({place})", lines.next().unwrap_or_default())
    }

    /// An error, unless it ended by itself and with exit code 0.
    pub fn succeeded(&self) -> Result<(), String> {
        self.ended()?;
        match self.code() {
            Some(0) => Ok(()),
            code => Err(format!(
                "Your program ended with exit code {}, although nothing was in its way. It said: {}",
                code.unwrap_or_default(),
                self.stderr.lines().last().unwrap_or("nothing"),
            )),
        }
    }
}
