//! What the operating system says about a submission's process: read from `/proc` on Linux, and
//! nothing elsewhere. The checks do without it there.

use std::time::Duration;

/// The number of threads of a process.
#[cfg(target_os = "linux")]
pub fn threads(id: u32) -> Option<usize> {
    usize::try_from(stat(id)?.num_threads).ok()
}

/// The processor time that a process has used.
#[cfg(target_os = "linux")]
pub fn processor_time(id: u32) -> Option<Duration> {
    let stat = stat(id)?;
    Some(Duration::from_secs(stat.utime + stat.stime) / procfs::ticks_per_second() as u32)
}

/// How often a thread of a process has gone to sleep, or waited for something.
#[cfg(target_os = "linux")]
pub fn switches(id: u32) -> Option<u64> {
    let tasks = procfs::process::Process::new(id.cast_signed()).and_then(|it| it.tasks()).ok()?;
    let switches = |task: procfs::process::Task| task.status().ok()?.voluntary_ctxt_switches;
    Some(tasks.flatten().filter_map(switches).sum())
}

/// Whether a process, or one that it has started, has something to do: a thread of it runs, waits for
/// a core or for the disk, or is stopped. False where the system doesn't tell.
#[cfg(target_os = "linux")]
pub fn is_busy(id: u32) -> bool {
    let tasks = procfs::process::Process::new(id.cast_signed()).and_then(|it| it.tasks());
    tasks.is_ok_and(|tasks| {
        tasks.flatten().any(|task| {
            task.stat().is_ok_and(|stat| "RDTt".contains(stat.state))
                || task.children().is_ok_and(|children| children.into_iter().any(is_busy))
        })
    })
}

/// How long the threads of a process have waited for a core, up to the last turn of each.
#[cfg(target_os = "linux")]
pub fn waited(id: u32) -> Duration {
    let tasks = procfs::process::Process::new(id.cast_signed()).and_then(|it| it.tasks());
    let waited = |task: procfs::process::Task| task.schedstat().ok().map(|stat| stat.run_delay);
    Duration::from_nanos(tasks.into_iter().flatten().flatten().filter_map(waited).sum())
}

/// The thread of a process that waits for a response on the connection with this port.
#[cfg(target_os = "linux")]
pub fn waiting_thread(id: u32, port: u16) -> Option<i32> {
    use procfs::process::{FDTarget, Process};
    let process = Process::new(id.cast_signed()).ok()?;
    let socket = |target: &FDTarget| match target {
        FDTarget::Socket(inode) => Some(*inode),
        _ => None,
    };
    let files = process.fd().ok()?.flatten();
    let sockets: Vec<_> = files.filter_map(|it| Some((it.fd, socket(&it.target)?))).collect();
    // Other programs can have a connection with the same port, to another server.
    let mut connections = procfs::net::tcp().ok()?.into_iter();
    let file = connections.find_map(|it| {
        let own = sockets.iter().find(|(_, inode)| *inode == it.inode);
        own.filter(|_| it.local_address.port() == port)
    });
    let file = file?.0;
    process.tasks().ok()?.flatten().map(|task| task.tid).find(|thread| {
        let call = std::fs::read_to_string(format!("/proc/{id}/task/{thread}/syscall"));
        // The number of the system call, and then its arguments: the first one is the file.
        call.is_ok_and(|call| call.split(' ').nth(1) == Some(&format!("{file:#x}")))
    })
}

/// Whether a signal has stopped a process.
#[cfg(target_os = "linux")]
pub fn is_stopped(id: u32) -> bool {
    stat(id).is_some_and(|stat| "Tt".contains(stat.state))
}

#[cfg(target_os = "linux")]
fn stat(id: u32) -> Option<procfs::process::Stat> {
    procfs::process::Process::new(id.cast_signed()).and_then(|process| process.stat()).ok()
}

#[cfg(not(target_os = "linux"))]
pub fn threads(_: u32) -> Option<usize> {
    None
}

#[cfg(not(target_os = "linux"))]
pub fn processor_time(_: u32) -> Option<Duration> {
    None
}

#[cfg(not(target_os = "linux"))]
pub fn switches(_: u32) -> Option<u64> {
    None
}

#[cfg(not(target_os = "linux"))]
pub fn is_busy(_: u32) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
pub fn waited(_: u32) -> Duration {
    Duration::ZERO
}

#[cfg(not(target_os = "linux"))]
pub fn waiting_thread(_: u32, _: u16) -> Option<i32> {
    None
}

#[cfg(not(target_os = "linux"))]
pub fn is_stopped(_: u32) -> bool {
    false
}
