//! What it costs to go somewhere else: into the system, to another thread, to another task.
//!
//! Each function does so `times` times, and returns how often it did.

use std::fs::File;
use std::io::Seek;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread::{self, Thread};
use tokio::{runtime::Builder, sync::Notify};

/// A system call that does next to nothing: where in the file are we?
pub fn system_call(times: u64) -> u64 {
    let mut file = File::open(std::env::current_exe().unwrap()).unwrap();
    (0..times).filter(|_| file.stream_position().is_ok()).count() as u64
}

/// Two threads take turns: each wakes the other one and sleeps.
pub fn threads(times: u64) -> u64 {
    let turn = AtomicU64::new(0);
    let first = thread::current();
    thread::scope(|scope| {
        let second = scope.spawn(|| take_turns(&turn, 1, times, &first));
        take_turns(&turn, 0, times, second.thread());
    });
    turn.into_inner()
}

/// Takes every second turn, and wakes the other thread after it.
fn take_turns(turn: &AtomicU64, mut mine: u64, times: u64, other: &Thread) {
    while mine < times {
        // `park` may return without a reason.
        while turn.load(SeqCst) != mine {
            thread::park();
        }
        turn.store(mine + 1, SeqCst);
        other.unpark();
        mine += 2;
    }
}

/// The same on one core: it has to switch from one thread to the other each time.
#[cfg(target_os = "linux")]
pub fn threads_on_one_core(times: u64) -> u64 {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;
    let this_thread = Pid::from_raw(0);
    let allowed = sched_getaffinity(this_thread).unwrap();
    let core = (0..CpuSet::count()).find(|core| allowed.is_set(*core).unwrap()).unwrap();
    let mut one = CpuSet::new();
    one.set(core).unwrap();
    // Threads inherit the cores of the thread that starts them.
    sched_setaffinity(this_thread, &one).unwrap();
    let turns = threads(times);
    sched_setaffinity(this_thread, &allowed).unwrap();
    turns
}

/// Two tasks of one thread take turns. The system knows nothing of it.
pub fn tasks_on_one_thread(times: u64) -> u64 {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(tasks(times))
}

/// Two tasks take turns on a runtime with two threads.
pub fn tasks_on_two_threads(times: u64) -> u64 {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async { tokio::spawn(tasks(times)).await.unwrap() })
}

/// Each task wakes the other one and waits.
async fn tasks(times: u64) -> u64 {
    let [first, second] = [(); 2].map(|()| Arc::new(Notify::new()));
    let (wake_first, wait) = (Arc::clone(&first), Arc::clone(&second));
    let other = tokio::spawn(async move {
        for _ in 0..times / 2 {
            wait.notified().await;
            wake_first.notify_one();
        }
        times / 2
    });
    for _ in 0..times / 2 {
        second.notify_one();
        first.notified().await;
    }
    other.await.unwrap() + times / 2
}
