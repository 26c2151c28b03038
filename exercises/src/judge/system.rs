//! What the operating system says about a submission's processes. Only Linux is asked, through
//! `/proc`; elsewhere everything here is `None`, and the checks do without.

use std::net::SocketAddr;
use std::time::Duration;

/// The threads of a process.
pub fn threads(id: u32) -> Option<usize> {
    linux::threads(id)
}

/// The processor time that a process has used.
pub fn processor_time(id: u32) -> Option<Duration> {
    linux::processor_time(id)
}

/// The process that holds the connection from this address, if it belongs to the process group.
pub fn owner(from: SocketAddr, group: u32) -> Option<u32> {
    linux::owner(from, group)
}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::process::{FDTarget, Process, Stat, all_processes};
    use std::net::SocketAddr;
    use std::time::Duration;

    pub fn threads(id: u32) -> Option<usize> {
        usize::try_from(stat(id)?.num_threads).ok()
    }

    pub fn processor_time(id: u32) -> Option<Duration> {
        Some(used(&stat(id)?))
    }

    pub fn owner(from: SocketAddr, group: u32) -> Option<u32> {
        let sockets = procfs::net::tcp().ok()?;
        let inode = sockets.iter().find(|socket| socket.local_address == from)?.inode;
        let in_group =
            |process: &Process| process.stat().is_ok_and(|stat| stat.pgrp.cast_unsigned() == group);
        let holds = |process: &Process| {
            let descriptors = process.fd().into_iter().flatten().flatten();
            descriptors
                .into_iter()
                .any(|it| matches!(it.target, FDTarget::Socket(it) if it == inode))
        };
        let mut processes = all_processes().ok()?.flatten();
        processes.find(|it| in_group(it) && holds(it)).map(|it| it.pid.cast_unsigned())
    }

    fn stat(id: u32) -> Option<Stat> {
        Process::new(id.cast_signed()).and_then(|process| process.stat()).ok()
    }

    fn used(stat: &Stat) -> Duration {
        Duration::from_secs(stat.utime + stat.stime) / procfs::ticks_per_second() as u32
    }
}

#[cfg(not(target_os = "linux"))]
mod linux {
    use std::net::SocketAddr;
    use std::time::Duration;

    pub fn threads(_: u32) -> Option<usize> {
        None
    }

    pub fn processor_time(_: u32) -> Option<Duration> {
        None
    }

    pub fn owner(_: SocketAddr, _: u32) -> Option<u32> {
        None
    }
}
