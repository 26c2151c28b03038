//! What the operating system says about a submission's processes. Only Linux is asked, through
//! `/proc`; elsewhere everything here is `None`, and the checks do without.

use std::time::Duration;

/// The threads of a process.
pub fn threads(id: u32) -> Option<usize> {
    asked::threads(id)
}

/// The processor time that a process has used.
pub fn processor_time(id: u32) -> Option<Duration> {
    asked::processor_time(id)
}

#[cfg(target_os = "linux")]
mod asked {
    use procfs::process::{Process, Stat};
    use std::time::Duration;

    pub fn threads(id: u32) -> Option<usize> {
        usize::try_from(stat(id)?.num_threads).ok()
    }

    pub fn processor_time(id: u32) -> Option<Duration> {
        Some(used(&stat(id)?))
    }

    fn stat(id: u32) -> Option<Stat> {
        Process::new(id.cast_signed()).and_then(|process| process.stat()).ok()
    }

    fn used(stat: &Stat) -> Duration {
        Duration::from_secs(stat.utime + stat.stime) / procfs::ticks_per_second() as u32
    }
}

#[cfg(not(target_os = "linux"))]
mod asked {
    use std::time::Duration;

    pub fn threads(_: u32) -> Option<usize> {
        None
    }

    pub fn processor_time(_: u32) -> Option<Duration> {
        None
    }
}
