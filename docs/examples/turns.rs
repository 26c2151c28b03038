//! Two threads that compute: their interleaving. See `docs/concurrency.md`.

use std::hint::black_box;
use std::thread;

/// Keeps a core busy for about a millisecond.
fn work() {
    let numbers = black_box(0..1_000_000_u64);
    black_box(numbers.fold(1, |sum, number| (sum ^ number).wrapping_mul(31)));
}

fn main() {
    thread::scope(|scope| {
        for name in ["A", "B"] {
            scope.spawn(move || {
                for _ in 0..36 {
                    work();
                    print!("{name}");
                }
            });
        }
    });
    println!();
}
