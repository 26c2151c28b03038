//! A pointer that is the same again, although the list has changed. See `docs/atomics.md`.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

const NAMES: [&str; 4] = ["A", "B", "C", "the end"];

fn main() {
    // A stack: `head` is its first node, and `below[n]` the one below node n. A is on B, B on C.
    let head = AtomicUsize::new(0);
    let below = [1, 2, 3].map(AtomicUsize::new);

    // Thread 1 begins to take A. It has read the head, and what is below it.
    let first = head.load(SeqCst);
    let second = below[first].load(SeqCst);

    // Thread 2 takes A, takes B, and puts A back, onto C.
    head.store(1, SeqCst);
    head.store(2, SeqCst);
    below[0].store(2, SeqCst);
    head.store(0, SeqCst);

    // Thread 1 goes on. The head is A, as before.
    let result = head.compare_exchange(first, second, SeqCst, SeqCst);
    println!("thread 1 takes A: {}", result.is_ok());
    println!("on top is {}, which thread 2 has taken", NAMES[head.load(SeqCst)]);
}
