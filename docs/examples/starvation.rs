//! A thread that never gets its turn at a lock. See `docs/deadlock.md`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

fn main() {
    let lock = Mutex::new(());
    let (taken, done) = (AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Relaxed) && taken.load(Relaxed) < 100 {
                let _guard = lock.lock().unwrap();
                taken.fetch_add(1, Relaxed);
                thread::sleep(Duration::from_millis(5));
                // Unlocks here, and locks again at once.
            }
        });
        while taken.load(Relaxed) == 0 {
            thread::yield_now();
        }
        let _guard = lock.lock().unwrap();
        done.store(true, Relaxed);
        println!("the other thread has had the lock {taken:?} times");
    });
}
