//! The same work one after the other, and in two threads. See `docs/parallelism.md`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

/// Keeps a core busy for about half a second.
fn work() {
    let numbers = black_box(0..500_000_000_u64);
    black_box(numbers.fold(1, |sum, number| (sum ^ number).wrapping_mul(31)));
}

fn main() {
    let start = Instant::now();
    work();
    work();
    println!("one after the other: {:.2?}", start.elapsed());

    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    println!("in two threads:      {:.2?}", start.elapsed());
}
