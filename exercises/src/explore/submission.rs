//! The two ways in which a submission runs: at a server, and in every schedule.
//!
//! It is one program, built once. The judge sets an environment variable; then the program explores
//! its schedules instead of downloading an album, and writes the report into a file.

use super::execution::PROGRESS;
use super::{Kind, Loads, RUNNING, Report, explore, failure};
use crate::Error;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::{env, fs, process, thread};

/// The environment variable that asks for the schedules: the name of the file with the report.
pub const VARIABLE: &str = "EXPLORE";

/// How often the watchdog looks whether a step has been taken.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);
/// Limits how often it may find none. Beyond that, a thread waits for something that the explorer
/// doesn't know. (It counts looks, because a process that the system had stopped would seem stuck.)
const MAX_IDLE_LOOKS: usize = 10;

const UNKNOWN: &str = "A thread waits for something that the judge doesn't know about, so no other \
                       thread can go on. Use the locks, atomics and threads of `exercises::sync`: \
                       they do what std's do.";

/// Runs a part of a submission at the server, or explores its schedules if the judge asks for that.
///
/// The programs to explore come from small to large; the first one that fails is reported, because
/// its schedules are the shortest.
#[track_caller]
pub fn run(
    loads: Loads,
    explored: &[&dyn Fn() -> Result<(), String>],
    at_the_server: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(to) = env::var_os(VARIABLE).map(PathBuf::from) else { return at_the_server() };
    let file = Location::caller().file();
    stay_on_one_core();
    let watched = to.clone();
    thread::spawn(move || watch(&watched));
    let mut reports = explored.iter().map(|program| explore(file, loads, program));
    let mut report = reports.next().ok_or_else(|| Error::Broken("nothing to explore".into()))?;
    while report.failure.is_none() && report.complete {
        let Some(next) = reports.next() else { break };
        report = next;
    }
    write(&to, &report)
}

/// Keeps all threads on the core of this one. Only one of them runs at a time, and on a busy machine it
/// takes much longer to hand over to another core.
fn stay_on_one_core() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};
        let mut cores = CpuSet::new();
        cores.set(sched_getcpu());
        // Where this fails, exploring takes longer.
        let _ = sched_setaffinity(None, &cores);
    }
}

fn write(to: &Path, report: &Report) -> Result<(), Error> {
    let json = serde_json::to_string_pretty(report).map_err(|error| Error::broken(&error))?;
    fs::write(to, json).map_err(|error| Error::broken(&error))
}

/// Ends the program if no thread comes to its next step.
fn watch(to: &Path) {
    let (mut seen, mut idle) = (0, 0);
    while idle < MAX_IDLE_LOOKS {
        thread::sleep(LOOK_INTERVAL);
        let now = PROGRESS.load(Ordering::Relaxed);
        idle = if now == seen { idle + 1 } else { 0 };
        seen = now;
    }
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let failure = running.and_then(|execution| {
        let mut state = execution.state();
        state.fail(Kind::Unknown, UNKNOWN.into());
        failure(&mut state)
    });
    // Without the file, the check says that the program ended early.
    let _ = write(to, &Report { schedules: 1, max_interruptions: None, complete: false, failure });
    process::exit(1);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::thread::sched_getaffinity;

    #[test]
    fn all_threads_stay_on_one_core() {
        let explorer = thread::spawn(|| {
            stay_on_one_core();
            thread::spawn(|| sched_getaffinity(None).unwrap().count()).join().unwrap()
        });
        assert_eq!(explorer.join().unwrap(), 1);
    }
}
