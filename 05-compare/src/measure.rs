//! One run of one program, measured from outside.

use serde::Serialize;
use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Time between two observations of the processes. A shorter peak can be missed.
const INTERVAL: Duration = Duration::from_millis(5);

/// Measurements of one run; `None` where the operating system reports nothing.
#[derive(Clone, Serialize)]
pub struct Sample {
    /// Time from the start of the process to its end, in seconds.
    pub seconds: f64,
    /// Processor time of all processes of the run together, in seconds.
    pub processor_seconds: Option<f64>,
    /// Peaks of all processes of the run together.
    pub peak: Option<Peak>,
    /// Connections to the server.
    pub connections: usize,
    /// Peak of requests in flight.
    pub in_flight: usize,
}

/// Maximum values, which need not occur at the same moment.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Peak {
    /// Memory in bytes; shared memory is counted once.
    pub memory: u64,
    pub threads: u64,
    pub processes: u64,
    /// Open files, each process's own count added up.
    pub files: u64,
}

/// What processes have used, up to their end.
#[derive(Clone, Copy)]
pub struct Usage {
    pub processor_seconds: f64,
    /// Context switches because a thread waited.
    pub voluntary: u64,
    /// Context switches because the system gave the core to another thread.
    pub involuntary: u64,
}

/// Runs a command. Returns its wall time and processor time in seconds, and its peaks. Fails if the
/// command does.
pub fn run(command: &mut Command) -> io::Result<(f64, Option<f64>, Option<Peak>)> {
    let before = usage();
    let start = Instant::now();
    let mut child = command.spawn()?;
    let ended = &AtomicBool::new(false);
    let (status, seconds, peak) = thread::scope(|scope| {
        let id = child.id();
        let observer = scope.spawn(move || observe(id, ended));
        let status = child.wait();
        let seconds = start.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (status, seconds, observer.join().ok().flatten())
    });
    let status = status?;
    if !status.success() {
        return Err(io::Error::other(status.to_string()));
    }
    let processor = usage_since(before).map(|used| used.processor_seconds);
    Ok((seconds, processor, peak))
}

/// What the children that have ended since `before` have used, and their children.
pub fn usage_since(before: Option<Usage>) -> Option<Usage> {
    let (after, before) = usage().zip(before)?;
    Some(Usage {
        processor_seconds: after.processor_seconds - before.processor_seconds,
        voluntary: after.voluntary - before.voluntary,
        involuntary: after.involuntary - before.involuntary,
    })
}

/// What all children that have ended have used, and their children.
#[cfg(unix)]
pub fn usage() -> Option<Usage> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Some(Usage {
        processor_seconds: micros as f64 / 1e6,
        voluntary: usage.voluntary_context_switches() as u64,
        involuntary: usage.involuntary_context_switches() as u64,
    })
}

#[cfg(not(unix))]
pub fn usage() -> Option<Usage> {
    None
}

/// Observes a process and its descendants until it has ended.
fn observe(id: u32, ended: &AtomicBool) -> Option<Peak> {
    let mut peak = Peak::default();
    while !ended.load(Ordering::Relaxed) {
        let now = look(id)?;
        peak.memory = peak.memory.max(now.memory);
        peak.threads = peak.threads.max(now.threads);
        peak.processes = peak.processes.max(now.processes);
        peak.files = peak.files.max(now.files);
        thread::sleep(INTERVAL);
    }
    Some(peak)
}

/// Memory, threads, processes and open files of a process and its descendants now. Skips processes that end
/// meanwhile.
#[cfg(target_os = "linux")]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no procfs")]
pub fn look(id: u32) -> Option<Peak> {
    let mut found = Peak::default();
    let mut ids = vec![id];
    while let Some(id) = ids.pop() {
        let Ok(process) = procfs::process::Process::new(id.cast_signed()) else {
            continue;
        };
        let rollup = process.smaps_rollup().ok();
        let maps = rollup.map(|rollup| rollup.memory_map_rollup.0).unwrap_or_default();
        let share = |map: &procfs::process::MemoryMap| map.extension.map.get("Pss").copied();
        found.memory += maps.iter().filter_map(share).sum::<u64>();
        found.processes += 1;
        found.files += process.fd_count().unwrap_or(0) as u64;
        for task in process.tasks().into_iter().flatten().flatten() {
            found.threads += 1;
            ids.extend(task.children().unwrap_or_default());
        }
    }
    Some(found)
}

#[cfg(not(target_os = "linux"))]
pub fn look(_: u32) -> Option<Peak> {
    None
}

#[cfg(test)]
impl Sample {
    /// The sample of a run that took this long.
    pub(crate) fn of_seconds(seconds: f64) -> Self {
        Self { seconds, processor_seconds: None, peak: None, connections: 1, in_flight: 1 }
    }
}
