//! Wrong on purpose: it is notified before it waits. See `docs/hazards.md`.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

fn main() {
    let (jobs, added) = (Mutex::new(Vec::new()), Condvar::new());
    jobs.lock().unwrap().push("d7c3oww.png");
    added.notify_one();

    let guard = jobs.lock().unwrap();
    let (guard, wait) = added.wait_timeout(guard, Duration::from_secs(1)).unwrap();
    println!("notified: {}, jobs: {guard:?}", !wait.timed_out());
}
