//! Wrong on purpose: two threads each wait until the other one receives. See `docs/channels.md`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{channel, sync_channel};
use std::thread;
use std::time::Duration;

static SENT: AtomicU32 = AtomicU32::new(0);

fn compute() -> Vec<u32> {
    let (to_worker, jobs) = sync_channel(2);
    let (to_main, results) = sync_channel(2);
    thread::spawn(move || {
        for job in jobs {
            to_main.send(job * 10).unwrap();
        }
    });
    for job in 0..20_u32 {
        to_worker.send(job).unwrap();
        SENT.fetch_add(1, Relaxed);
    }
    drop(to_worker);
    results.iter().collect()
}

fn main() {
    let (done, is_done) = channel();
    thread::spawn(move || done.send(compute()));
    match is_done.recv_timeout(Duration::from_secs(1)) {
        Ok(results) => println!("{} results", results.len()),
        Err(error) => println!("{SENT:?} of 20 jobs sent, then: {error}"),
    }
}
