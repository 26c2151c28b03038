//! What a thousand threads and a thousand tasks that wait take of the memory. See `docs/costs.md`.

use std::fs::read_to_string;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tokio::time::sleep;

/// A line of what Linux says about this process, in KB: `VmRSS` is the memory in use, `VmSize` all
/// addresses that are set aside.
fn kilobytes(name: &str) -> u64 {
    let status = read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn report(what: &str, before: [u64; 2]) {
    let [used, set_aside] = ["VmRSS", "VmSize"].map(kilobytes);
    let [used, set_aside] = [used - before[0], set_aside - before[1]];
    println!("1000 {what}: {used} KB used, {set_aside} KB set aside");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let before = ["VmRSS", "VmSize"].map(kilobytes);
    for _ in 0..1000 {
        tokio::spawn(sleep(Duration::from_mins(1)));
    }
    tokio::task::yield_now().await;
    report("tasks", before);

    let before = ["VmRSS", "VmSize"].map(kilobytes);
    let (started, has_started) = mpsc::channel();
    for _ in 0..1000 {
        let started = started.clone();
        thread::spawn(move || {
            started.send(()).unwrap();
            thread::park();
        });
    }
    has_started.iter().take(1000).for_each(drop);
    report("threads", before);
}
