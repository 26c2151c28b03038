//! What it costs to start one more: a task, a job, a thread, a process.
//!
//! Each function starts one, waits for its end, and starts the next. Each one returns 1; the sum is
//! returned.

use rayon::ThreadPoolBuilder;
use std::path::Path;
use std::process::Command;
use std::{hint::black_box, thread};
use tokio::runtime::Builder;

/// A task, on the thread that starts it: an allocation, and a place in the runtime's queue.
pub fn task_on_one_thread(times: u64) -> u64 {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(start_tasks(times))
}

/// A task, where any of several threads may take it. Mostly the one that started it does.
pub fn task_on_two_threads(times: u64) -> u64 {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    // `block_on` runs its future outside of the two threads; a task runs on one of them.
    runtime.block_on(async { tokio::spawn(start_tasks(times)).await.unwrap() })
}

async fn start_tasks(times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        sum += tokio::spawn(async { black_box(1) }).await.unwrap();
    }
    sum
}

/// A job in the queue of a pool. Its threads have been started before.
pub fn rayon_job(times: u64) -> u64 {
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        let mut sum = 0;
        for _ in 0..times {
            rayon::scope(|scope| scope.spawn(|_| sum += black_box(1)));
        }
        sum
    })
}

/// A thread: the system sets up a stack and schedules it, mostly on another core.
pub fn thread(times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        sum += thread::spawn(|| black_box(1)).join().unwrap();
    }
    sum
}

/// A thread that may borrow: the scope waits for it.
pub fn scoped_thread(times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        thread::scope(|scope| {
            scope.spawn(|| sum += black_box(1));
        });
    }
    sum
}

/// A process: the system loads a program. This one ends at once.
pub fn process(program: &Path, times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        sum += u64::from(Command::new(program).status().unwrap().success());
    }
    sum
}
