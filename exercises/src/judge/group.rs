//! A process together with everything it starts: a process group, or a job object on Windows.

use std::io;
use std::process::{Child, Command};

/// A process and its descendants. All that still run are ended when this is dropped.
///
/// A descendant that makes a process group of its own leaves this one, except on Windows.
pub struct Group(#[allow(dead_code, reason = "on Windows dropping it is its use")] System);

#[cfg(unix)]
type System = rustix::process::Pid;
#[cfg(windows)]
type System = win32job::Job;

#[cfg(unix)]
impl Group {
    /// Starts a process as the leader of a group.
    pub fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn()?;
        let group = Self(rustix::process::Pid::from_child(&child));
        Ok((child, group))
    }

    /// Whether the leader has ended. It isn't reaped, so its id stays taken and the group can still
    /// be ended.
    pub fn has_ended(&self, _: &mut Child) -> bool {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        matches!(waitid(WaitId::Pid(self.0), options), Ok(Some(_)))
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        // It fails only if the group is empty.
        let _ = rustix::process::kill_process_group(self.0, rustix::process::Signal::KILL);
    }
}

#[cfg(windows)]
impl Group {
    /// Starts a process and puts it into a job object, before it has begun to load its libraries.
    pub fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        use std::os::windows::io::AsRawHandle;
        let mut limits = win32job::ExtendedLimitInfo::new();
        limits.limit_kill_on_job_close();
        let job = win32job::Job::create_with_limit_info(&limits)?;
        let mut child = command.spawn()?;
        if let Err(error) = job.assign_process(child.as_raw_handle() as isize) {
            child.kill()?;
            return Err(error.into());
        }
        Ok((child, Self(job)))
    }

    /// Whether the process has ended.
    pub fn has_ended(&self, child: &mut Child) -> bool {
        matches!(child.try_wait(), Ok(Some(_)))
    }
}
