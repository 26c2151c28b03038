//! The simplest lock: a flag, and a loop. See `docs/ordering.md`.

use std::hint::spin_loop;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::thread;

static LOCKED: AtomicBool = AtomicBool::new(false);

fn lock() {
    while LOCKED.swap(true, Acquire) {
        // Only reads until the lock looks free, so that the cache line may stay where it is.
        while LOCKED.load(Relaxed) {
            spin_loop();
        }
    }
}

fn unlock() {
    LOCKED.store(false, Release);
}

fn main() {
    let count = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    lock();
                    // Two steps, as in `lost-update`. The lock makes them one.
                    count.store(count.load(Relaxed) + 1, Relaxed);
                    unlock();
                }
            });
        }
    });
    println!("counted {}", count.into_inner());
}
