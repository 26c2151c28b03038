//! The system's limit on open files, which may allow fewer workers than requested.

#[cfg(unix)]
use crate::text;

/// Number of open files per download: its connection, its file, and either the practice server's
/// end of the connection or the lookup of the host's name.
#[cfg(unix)]
const FILES_PER_DOWNLOAD: u64 = 3;
/// Number of open files for everything else.
#[cfg(unix)]
const OTHER_FILES: u64 = 24;

/// How many of `workers` the limit on open files allows. Raises the limit if needed, as far as the
/// system permits, and prints a warning if it is still too low.
#[cfg(unix)]
pub(crate) fn limit_workers(workers: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let needed = OTHER_FILES + FILES_PER_DOWNLOAD * workers as u64;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < needed) {
        // A program may raise its soft limit up to the hard limit. On macOS, the soft limit is 256
        // at first.
        limit.current = limit.maximum.map_or(Some(needed), |max| Some(max.min(needed)));
        let _ = setrlimit(Resource::Nofile, limit);
        limit = getrlimit(Resource::Nofile);
    }
    let Some(files) = limit.current else {
        return workers;
    };
    let room = (files.saturating_sub(OTHER_FILES) / FILES_PER_DOWNLOAD).max(1);
    if room >= workers as u64 {
        return workers;
    }
    let room = room as usize;
    text::print_error(format_args!(
        "{room} workers at a time instead of {workers}: the system allows {files} open files"
    ));
    room
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub(crate) fn limit_workers(workers: usize) -> usize {
    workers
}
