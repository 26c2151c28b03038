//! An attempt at a task, run as a process of its own: it may hang, panic or leave things behind.

mod run;

pub use run::{Printed, Run};

use practice::Server;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
    printed: Arc<Mutex<Vec<Printed>>>,
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

    /// What it has printed in each of its runs up to now.
    pub fn printed(&self) -> Vec<Printed> {
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
        let album = variables.iter().find(|(name, _)| *name == "ALBUM");
        let album = album.map(|(_, album)| (*album).to_owned());
        let (started, until) = (Instant::now(), self.until);
        Ok(Running { child, dir, album, started, until, printed: Arc::clone(&self.printed) })
    }
}

/// An attempt that runs. It is ended when this is dropped.
pub struct Running {
    child: Child,
    dir: TempDir,
    album: Option<String>,
    started: Instant,
    until: Instant,
    printed: Arc<Mutex<Vec<Printed>>>,
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

    /// The files in its folder as they are now, by path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.folder())
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
        let (album, stdout, stderr) = (self.album.clone(), text("stdout"), text("stderr"));
        let printed = Printed { album, stdout: stdout.clone(), stderr: stderr.clone() };
        locked(&self.printed).push(printed);
        Ok(Run { status, stdout, stderr, files: self.files(), ran: self.started.elapsed() })
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use practice::Settings;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_hangs_is_ended_with_all_that_it_has_started() {
        let dir = TempDir::new().unwrap();
        let program = dir.path().join("hangs");
        fs::write(&program, "#!/bin/sh\nsleep 1000 &\necho $!\nwait\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let server = Server::start(&Settings::default()).unwrap();
        let running = Attempt::new(program).start(&server).unwrap();
        let run = running.wait_for(Duration::from_millis(500)).unwrap();
        assert!(run.was_stopped() && run.ended().is_err());
        let started: u32 = run.stdout.trim().parse().unwrap();
        let patience = Instant::now() + Duration::from_mins(1);
        while is_alive(started) {
            assert!(Instant::now() < patience, "its child lives on");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether a process runs; one that has ended and was not waited for does not.
    fn is_alive(id: u32) -> bool {
        let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let state = status.rsplit(") ").next().and_then(|rest| rest.chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    }
}
