//! Two threads that each write, and then read, with release and acquire. See `docs/ordering.md`.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Release, SeqCst};
use std::thread;

const ROUNDS: u32 = 100_000;

/// Returns for each round whether this thread missed what the other one wrote.
fn play(mine: &AtomicU32, theirs: &AtomicU32, arrived: &AtomicU32) -> Vec<bool> {
    let round = |round| {
        // Both begin a round at the same moment.
        arrived.fetch_add(1, SeqCst);
        let mut looks = 0;
        while arrived.load(SeqCst) < 2 * round {
            looks += 1;
            if looks % 1000 == 0 {
                thread::yield_now(); // There may be only one core.
            }
        }
        mine.store(round, Release); // New
        theirs.load(Acquire) != round // New
    };
    (1..=ROUNDS).map(round).collect()
}

fn main() {
    let (x, y, arrived) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let (a, b) = thread::scope(|scope| {
        let a = scope.spawn(|| play(&x, &y, &arrived));
        let b = scope.spawn(|| play(&y, &x, &arrived));
        (a.join().unwrap(), b.join().unwrap())
    });
    let both = a.iter().zip(&b).filter(|(a, b)| **a && **b).count();
    println!("in {both} of {ROUNDS} rounds, both missed the other's write");
}
