//! Two threads that compute, and when each piece of their work began and ended. See
//! `docs/concurrency.md`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

/// Keeps a core busy for about a millisecond.
fn work() {
    let numbers = black_box(0..1_000_000_u64);
    black_box(numbers.fold(1, |sum, number| (sum ^ number).wrapping_mul(31)));
}

fn main() {
    let start = Instant::now();
    let now = || start.elapsed().as_secs_f64() * 1000.0;
    let ten_pieces = |name| {
        [(); 10].map(|()| {
            let began = now();
            work();
            (began, now(), name)
        })
    };
    let mut pieces = thread::scope(|scope| {
        let a = scope.spawn(|| ten_pieces("A"));
        let b = scope.spawn(|| ten_pieces("  B"));
        [a.join().unwrap(), b.join().unwrap()].concat()
    });
    pieces.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (began, ended, name) in pieces {
        println!("{began:5.1} ms to {ended:5.1} ms  {name}");
    }
}
