//! Wrong on purpose: reading and writing are two steps. See `docs/atomics.md`.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

fn main() {
    let count = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..1_000_000 {
                    let old = count.load(SeqCst);
                    count.store(old + 1, SeqCst);
                }
            });
        }
    });
    println!("counted {}", count.into_inner());
}
