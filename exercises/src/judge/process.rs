//! The processes of submissions: each has a folder of its own, and leaves neither processes nor
//! files behind.

use super::group::Group;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// The folders of the processes, and their groups unless they have been ended.
///
/// It stays locked while a process is started or its folder removed, so that [`end_all`] misses
/// none.
static RUNNING: Mutex<BTreeMap<PathBuf, Option<Group>>> = Mutex::new(BTreeMap::new());

/// Limits the attempts to remove a folder: a process that is being ended can still write to it.
const MAX_REMOVALS: usize = 50;
/// The time from one attempt to the next.
const REMOVAL_INTERVAL: Duration = Duration::from_millis(10);

/// A process in a folder of its own. When this is dropped, the process is ended, along with
/// everything it has started, and the folder is removed.
pub struct Process {
    child: Child,
    dir: TempDir,
}

impl Process {
    /// Starts a process in an empty folder.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut running = running();
        let dir = TempDir::new()?;
        // Temporary files belong to what a run leaves behind.
        for name in ["TMPDIR", "TMP", "TEMP"] {
            let _ = command.env(name, dir.path());
        }
        let (child, group) = Group::start(command.current_dir(dir.path()))?;
        running.insert(dir.path().to_owned(), Some(group));
        Ok(Self { child, dir })
    }

    /// The folder in which it was started.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Its id, which is also that of its process group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        match running().get(self.dir.path()) {
            Some(Some(group)) => group.has_ended(&mut self.child),
            _ => true,
        }
    }

    /// Ends it, along with everything it has started. Returns its exit status if it had already
    /// ended by itself.
    pub fn end(&mut self) -> io::Result<Option<ExitStatus>> {
        let had_ended = self.has_ended();
        // Ends the group before its leader is reaped. Afterwards, another group could have the same
        // id.
        drop(running().get_mut(self.dir.path()).and_then(Option::take));
        // It fails only if the process has ended already.
        let _ = self.child.kill();
        self.child.wait().map(|status| had_ended.then_some(status))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It fails only if another process has reaped this one.
        let _ = self.end();
        let mut running = running();
        remove(self.dir.path());
        running.remove(self.dir.path());
    }
}

/// Ends all submissions that run, and removes their folders. None can start while the returned guard
/// lives.
pub fn end_all() -> impl Drop {
    let mut running = running();
    for (folder, group) in &mut *running {
        drop(group.take());
        remove(folder);
    }
    running
}

/// Removes a folder. What cannot be removed is left to the system, which clears its folder for
/// temporary files.
fn remove(folder: &Path) {
    for _ in 0..MAX_REMOVALS {
        let removed = fs::remove_dir_all(folder);
        if removed.is_ok() || !folder.exists() {
            return;
        }
        thread::sleep(REMOVAL_INTERVAL);
    }
}

fn running() -> MutexGuard<'static, BTreeMap<PathBuf, Option<Group>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    /// Starts `sleep` from a shell, which then runs `rest`. Returns the id of `sleep`, too.
    fn start(rest: &str) -> (Process, u32) {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("sleep 1000 & echo $!; {rest}")]).stdout(Stdio::piped());
        let mut process = Process::start(&mut command).unwrap();
        let mut line = String::new();
        BufReader::new(process.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (process, line.trim().parse().unwrap())
    }

    #[test]
    fn a_process_is_ended_with_all_that_it_has_started() {
        let (process, grandchild) = start("wait");
        assert!(is_alive(grandchild));
        let folder = process.folder().to_owned();
        drop(process);
        assert!(comes(|| !is_alive(grandchild)), "process {grandchild} still runs");
        assert!(!folder.exists());
    }

    #[test]
    fn what_an_ended_process_has_started_is_ended_before_its_id_is_free() {
        let (mut process, grandchild) = start("exit 3");
        assert!(comes(|| process.has_ended()));
        let leader = process.child.id();
        assert_eq!(state(leader), Some('Z'), "the leader has been reaped");
        assert_eq!(process.end().unwrap().unwrap().code(), Some(3));
        assert!(comes(|| !is_alive(grandchild)), "process {grandchild} still runs");
        assert_eq!(state(leader), None);
    }

    fn comes(mut condition: impl FnMut() -> bool) -> bool {
        (0..6_000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            condition()
        })
    }

    /// Whether a process runs. A zombie does not.
    fn is_alive(id: u32) -> bool {
        !matches!(state(id), None | Some('Z' | 'X'))
    }

    fn state(id: u32) -> Option<char> {
        let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        status.rsplit(") ").next().and_then(|rest| rest.chars().next())
    }
}
