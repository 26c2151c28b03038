//! How many workers the system allows, where it allows fewer than were asked for.

use crate::fault::Fault;
use crate::text::complain;
use std::fmt::Display;
use std::thread;
use std::time::Duration;

/// Open files of one download: its connection, its file, and either the other end of the
/// connection (the practice server's) or the look-up of the host's name.
#[cfg(unix)]
const FILES_PER_DOWNLOAD: u64 = 3;
/// Open files of everything else.
#[cfg(unix)]
const OTHER_FILES: u64 = 24;

/// As many workers as were asked for, or as the limit of open files leaves room for.
#[cfg(unix)]
pub(crate) fn within_open_files(workers: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let needed = OTHER_FILES + FILES_PER_DOWNLOAD * workers as u64;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < needed) {
        // Up to a second, higher limit every program may raise its own. macOS starts with 256.
        limit.current = limit.maximum.map_or(Some(needed), |most| Some(most.min(needed)));
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
    fewer(room, workers, format_args!("the system allows {files} open files"));
    room
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(crate) fn within_open_files(workers: usize) -> usize {
    workers
}

/// Says that there are fewer workers than were asked for, and why.
pub fn fewer(workers: usize, asked: usize, why: impl Display) {
    complain(format_args!("{workers} workers at a time instead of {asked}: {why}"));
}

/// Starts a pool with as many workers as were asked for or, if that fails, with ever fewer.
pub fn largest_possible<T, E: Display>(
    workers: usize,
    start: impl Fn(usize) -> Result<T, E>,
) -> Result<T, Fault> {
    let mut possible = workers.max(1);
    let mut why = None;
    loop {
        match start(possible) {
            Ok(pool) => {
                if let Some(why) = why {
                    fewer(possible, workers, why);
                }
                return Ok(pool);
            }
            Err(error) if possible == 1 => {
                return Err(Fault::lasting(format!("cannot start a worker: {error}")));
            }
            Err(error) => {
                // What had been started before it failed needs a moment to end.
                thread::sleep(Duration::from_millis(50));
                why = Some(error);
                possible /= 2;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_as_large_as_possible() {
        let start = |most: usize| move |size| if size <= most { Ok(size) } else { Err("too many") };
        assert_eq!(largest_possible(40, start(100)), Ok(40));
        assert_eq!(largest_possible(40, start(12)), Ok(10));
        assert_eq!(largest_possible(40, start(1)), Ok(1));
        assert!(largest_possible(0, start(0)).is_err(), "it comes to an end");
        assert!(largest_possible(40, start(0)).unwrap_err().to_string().contains("too many"));
    }
}
