//! Wrong on purpose: the receiver stays locked during the work. See `docs/channels.md`.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static WORKING: AtomicU32 = AtomicU32::new(0);
static PEAK: AtomicU32 = AtomicU32::new(0);

/// Takes a twentieth of a second, and notes how many threads are here at the same time.
fn slow_work(_job: u32) {
    let working = WORKING.fetch_add(1, SeqCst) + 1;
    PEAK.fetch_max(working, SeqCst);
    thread::sleep(Duration::from_millis(50));
    WORKING.fetch_sub(1, SeqCst);
}

fn main() {
    let (sender, receiver) = mpsc::channel();
    for job in 1..=6 {
        sender.send(job).unwrap();
    }
    drop(sender);
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                // New: the guard lives to the end of the loop's body.
                while let Ok(job) = receiver.lock().unwrap().recv() {
                    slow_work(job);
                }
            });
        }
    });
    println!("at most {} of 3 workers worked at the same time", PEAK.load(SeqCst));
}
