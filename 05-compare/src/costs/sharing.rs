//! Two threads and one number: what it costs to change it together.
//!
//! Each function adds 1 `times` times on each of its threads, and returns the final sum.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{hint::black_box, thread};

/// The baseline: a call that the compiler must not remove or merge with the next one.
pub fn call(times: u64) -> u64 {
    #[inline(never)]
    fn add_one(number: u64) -> u64 {
        number + 1
    }
    let mut sum = 0;
    for _ in 0..times {
        sum = add_one(black_box(sum));
    }
    sum
}

/// No other core wants the number: it stays in this core's cache.
pub fn atomic(times: u64) -> u64 {
    let sum = AtomicU64::new(0);
    for _ in 0..times {
        sum.fetch_add(1, Relaxed);
    }
    sum.into_inner()
}

/// Two cores want the same number: its cache line moves from one to the other and back.
pub fn contended_atomic(times: u64) -> u64 {
    let sum = AtomicU64::new(0);
    let add = || {
        for _ in 0..times {
            sum.fetch_add(1, Relaxed);
        }
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    sum.into_inner()
}

/// The lock is always free: an atomic operation to lock it, and another one to unlock it.
pub fn mutex(times: u64) -> u64 {
    let sum = Mutex::new(0);
    for _ in 0..times {
        *sum.lock().unwrap() += 1;
    }
    sum.into_inner().unwrap()
}

/// The lock is often taken: one thread waits, at first in a loop, then asleep.
pub fn contended_mutex(times: u64) -> u64 {
    let sum = Mutex::new(0);
    let add = || {
        for _ in 0..times {
            *sum.lock().unwrap() += 1;
        }
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    sum.into_inner().unwrap()
}

/// Something that begins a cache line and has it to itself: a line has 64 or 128 bytes, and some
/// processors fetch lines in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Line<T>(T);

/// False sharing: each thread has a number of its own, but both numbers are in the same line.
pub fn one_line(times: u64) -> u64 {
    let Line([first, second]) = &Line::<[AtomicU64; 2]>::default();
    add_to_each(first, second, times)
}

/// The same, with each number in a line of its own.
pub fn two_lines(times: u64) -> u64 {
    let [Line(first), Line(second)] = &<[Line<AtomicU64>; 2]>::default();
    add_to_each(first, second, times)
}

fn add_to_each(first: &AtomicU64, second: &AtomicU64, times: u64) -> u64 {
    let add = |number: &AtomicU64| {
        for _ in 0..times {
            number.fetch_add(1, Relaxed);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| add(first));
        add(second);
    });
    first.load(Relaxed) + second.load(Relaxed)
}
