//! The processes of submissions: each leads a process group of its own, which can be ended as a whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The ids of the processes that run now, and their folders.
static RUNNING: Mutex<Vec<(u32, PathBuf)>> = Mutex::new(Vec::new());

/// A process that is ended, with all that it has started, when this is dropped.
pub struct Process {
    /// The process itself.
    pub child: Child,
}

impl Process {
    /// Starts a process. `folder` is removed if the judge itself is stopped.
    pub fn start(command: &mut Command, folder: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut running = running();
        let child = command.spawn()?;
        running.push((child.id(), folder.to_owned()));
        Ok(Self { child })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end_group(self.child.id());
        // Both fail only if the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        running().retain(|(id, _)| *id != self.child.id());
    }
}

/// Ends all submissions that run, and removes their folders: for a judge that is itself stopped.
pub fn end_all() {
    for (id, folder) in running().iter() {
        end_group(*id);
        // The folder is below the system's folder for temporary files, which the system clears.
        let _ = fs::remove_dir_all(folder);
    }
}

fn running() -> MutexGuard<'static, Vec<(u32, PathBuf)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn end_group(leader: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = Pid::from_raw(leader.cast_signed()) {
        // It fails only if the group is empty.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_: u32) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn a_process_is_ended_with_all_that_it_has_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & echo $!; wait"]).stdout(Stdio::piped());
        let mut process = Process::start(&mut command, Path::new("")).unwrap();
        let mut line = String::new();
        BufReader::new(process.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let grandchild: u32 = line.trim().parse().unwrap();
        assert!(is_alive(grandchild));
        drop(process);
        let ended = (0..6_000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            !is_alive(grandchild)
        });
        assert!(ended, "process {grandchild} still runs");
    }

    /// Whether a process runs. A zombie does not.
    fn is_alive(id: u32) -> bool {
        let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let state = status.rsplit(") ").next().and_then(|rest| rest.chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    }
}
