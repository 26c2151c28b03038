//! The system's limit on open files, which may allow fewer workers than requested.

#[cfg(unix)]
use crate::text;
use std::sync::{Condvar, Mutex, PoisonError};

/// Maximum number of image files that a process has open at the same time. A download that has its
/// response waits for its file until another one is complete. Thousands of requests can be in flight
/// then, although the system may not allow as many files beside their connections.
pub const MAX_OPEN_IMAGES: usize = 4_096;

/// Number of open files for everything that isn't a download.
#[cfg(unix)]
const OTHER_FILES: u64 = 24;

static OPEN_IMAGES: Mutex<Images> = Mutex::new(Images { open: 0, waiting: 0 });
static CLOSED: Condvar = Condvar::new();

/// Counts of this process.
struct Images {
    /// Number of image files that are open.
    open: usize,
    /// Number of downloads that wait until another image is closed.
    waiting: usize,
}

/// One of the [`MAX_OPEN_IMAGES`], for the blocking client. Dropping it frees it.
pub(crate) struct OpenImage(());

impl OpenImage {
    /// Blocks until one is free.
    pub(crate) fn wait() -> Self {
        let mut images = OPEN_IMAGES.lock().unwrap_or_else(PoisonError::into_inner);
        images.waiting += 1;
        let images = CLOSED.wait_while(images, |images| images.open >= MAX_OPEN_IMAGES);
        let mut images = images.unwrap_or_else(PoisonError::into_inner);
        images.waiting -= 1;
        images.open += 1;
        Self(())
    }
}

impl Drop for OpenImage {
    fn drop(&mut self) {
        let mut images = OPEN_IMAGES.lock().unwrap_or_else(PoisonError::into_inner);
        images.open -= 1;
        // A notification is a system call, even if no thread waits.
        if images.waiting > 0 {
            CLOSED.notify_one();
        }
    }
}

/// The files that a program has open for its workers.
#[derive(Clone, Copy)]
#[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no such limit"))]
pub(crate) struct Needs {
    /// Files per worker during its whole download: connections and pipes.
    pub per_worker: u64,
    /// Whether the program itself saves the images.
    pub saves_images: bool,
}

#[cfg(unix)]
impl Needs {
    /// The number of files for this many workers.
    fn files(self, workers: u64) -> u64 {
        let images = if self.saves_images { workers.min(MAX_OPEN_IMAGES as u64) } else { 0 };
        OTHER_FILES + self.per_worker * workers + images
    }

    /// The maximum number of workers that this number of files allows, at least one.
    fn max_workers(self, files: u64) -> u64 {
        let free = files.saturating_sub(OTHER_FILES);
        if !self.saves_images {
            return (free / self.per_worker).max(1);
        }
        let with_all_images_open = free.saturating_sub(MAX_OPEN_IMAGES as u64) / self.per_worker;
        with_all_images_open.max((free / (self.per_worker + 1)).min(MAX_OPEN_IMAGES as u64)).max(1)
    }
}

/// How many of `workers` the limit on open files allows. Raises the limit if needed, as far as the
/// system permits, and prints a warning if it is still too low.
#[cfg(unix)]
pub(crate) fn limit_workers(workers: usize, needs: Needs) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let needed = needs.files(workers as u64);
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < needed) {
        // A program may raise its soft limit up to the hard limit. On macOS, the soft limit is 256
        // at first.
        limit.current = limit.maximum.map_or(Some(needed), |max| Some(max.min(needed)));
        let _ = setrlimit(Resource::Nofile, limit);
        limit = getrlimit(Resource::Nofile);
    }
    let Some(files) = limit.current.filter(|files| *files < needed) else {
        return workers;
    };
    let room = needs.max_workers(files) as usize;
    text::print_error(format_args!(
        "{room} workers at a time instead of {workers}: the system allows {files} open files"
    ));
    room
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub(crate) fn limit_workers(workers: usize, _: Needs) -> usize {
    workers
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn as_many_workers_as_the_files_allow() {
        for saves_images in [true, false] {
            for per_worker in [1, 2, 3] {
                let needs = Needs { per_worker, saves_images };
                for files in [64, 1_024, 8_000, 8_216, 12_000, 20_000, 524_288] {
                    let workers = needs.max_workers(files);
                    assert!(needs.files(workers) <= files, "{per_worker} {files}: {workers}");
                    assert!(needs.files(workers + 1) > files, "{per_worker} {files}: {workers}");
                }
                assert_eq!(needs.max_workers(5), 1, "there is always one");
            }
        }
    }

    #[test]
    fn a_download_waits_until_another_image_is_closed() {
        let mut open: Vec<_> = (0..MAX_OPEN_IMAGES).map(|_| OpenImage::wait()).collect();
        let (sender, opened) = mpsc::channel();
        let waiting = thread::spawn(move || sender.send(OpenImage::wait()).unwrap());
        let early = opened.recv_timeout(Duration::from_millis(100)).is_ok();
        assert!(!early, "all are open");
        drop(open.pop());
        drop(opened.recv().unwrap());
        waiting.join().unwrap();
        assert_eq!(OPEN_IMAGES.lock().unwrap().open, MAX_OPEN_IMAGES - 1);
    }
}
