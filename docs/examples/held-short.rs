//! The guard is dropped before the thread works. See `docs/sharing.md`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

static WORKING: AtomicU32 = AtomicU32::new(0);
static PEAK: AtomicU32 = AtomicU32::new(0);

/// Takes a tenth of a second, and notes how many threads are here at the same time.
fn slow_work() {
    let working = WORKING.fetch_add(1, SeqCst) + 1;
    PEAK.fetch_max(working, SeqCst);
    thread::sleep(Duration::from_millis(100));
    WORKING.fetch_sub(1, SeqCst);
}

fn main() {
    let jobs = Mutex::new(vec![1, 2, 3, 4]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let _job = jobs.lock().unwrap().pop(); // New
                slow_work();
            });
        }
    });
    println!("at most {} of 4 threads worked at the same time", PEAK.load(SeqCst));
}
