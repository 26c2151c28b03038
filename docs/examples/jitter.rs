//! Two threads that give way to each other, but not in step. See `docs/deadlock.md`.

use std::sync::{Barrier, Mutex};
use std::thread;

/// How many rounds to wait after a failed attempt.
fn delay(failed: u32) -> u32 {
    fastrand::u32(1..=1 << failed.min(5)) // New
}

/// Takes its own lock, tries the other one, and gives its own back if that is taken.
fn lock_both(own: &Mutex<()>, other: &Mutex<()>, clock: &Barrier) -> (u32, bool) {
    let (mut failed, mut both, mut next_attempt) = (0, false, 0);
    for round in 0..100 {
        let attempt = !both && round == next_attempt;
        let guard = attempt.then(|| own.lock().unwrap());
        clock.wait(); // Now each thread that makes an attempt has its own lock.
        both |= attempt && other.try_lock().is_ok();
        clock.wait();
        drop(guard);
        if attempt && !both {
            failed += 1;
            next_attempt = round + delay(failed);
        }
    }
    (failed, both)
}

fn main() {
    let (left, right, clock) = (Mutex::new(()), Mutex::new(()), Barrier::new(2));
    let (a, b) = thread::scope(|scope| {
        let a = scope.spawn(|| lock_both(&left, &right, &clock));
        let b = scope.spawn(|| lock_both(&right, &left, &clock));
        (a.join().unwrap(), b.join().unwrap())
    });
    println!("failed attempts: {} and {}", a.0, b.0);
    println!("each has held both locks: {}", a.1 && b.1);
}
