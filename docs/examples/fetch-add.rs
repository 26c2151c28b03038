//! Reading, adding and writing in one step. See `docs/atomics.md`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

fn main() {
    let count = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..1_000_000 {
                    count.fetch_add(1, Relaxed); // New
                }
            });
        }
    });
    println!("counted {}", count.into_inner());
}
