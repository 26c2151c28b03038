//! Wrong on purpose: a test that runs a race a thousand times. See `docs/hazards.md`.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

fn count_twice() -> u32 {
    let count = AtomicU32::new(0);
    let add = || {
        let old = count.load(SeqCst);
        count.store(old + 1, SeqCst);
    };
    thread::scope(|scope| {
        scope.spawn(add);
        scope.spawn(add);
    });
    count.into_inner()
}

fn main() {
    let wrong = (0..1000).filter(|_| count_twice() != 2).count();
    println!("{wrong} of 1000 runs are wrong");
}
