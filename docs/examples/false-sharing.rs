//! Two threads that count, on one cache line and on two. See `docs/atomics.md`.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

const TIMES: u32 = 20_000_000;

/// Begins a cache line, and has it to itself. (A line has 64 or 128 bytes.)
#[repr(align(128))]
struct Line<T>(T);

fn count(what: &str, first: &AtomicU64, second: &AtomicU64) {
    let add = |number: &AtomicU64| {
        for _ in 0..TIMES {
            number.fetch_add(1, Relaxed);
        }
    };
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| add(first));
        scope.spawn(|| add(second));
    });
    let each = start.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES);
    println!("{what}: {each:.1} ns for each addition");
}

fn main() {
    let number = || AtomicU64::new(0);
    let one = number();
    count("one number", &one, &one);
    let Line([first, second]) = &Line([number(), number()]);
    count("two numbers in one line", first, second);
    let [Line(first), Line(second)] = &[Line(number()), Line(number())];
    count("two numbers in two lines", first, second);
}
