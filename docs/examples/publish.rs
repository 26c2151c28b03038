//! A flag that says that the data is complete. See `docs/ordering.md`.

use std::hint::spin_loop;
use std::sync::atomic::{
    AtomicBool, AtomicU32,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;

static SIZE: AtomicU32 = AtomicU32::new(0);
static READY: AtomicBool = AtomicBool::new(false);

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            SIZE.store(250, Relaxed);
            READY.store(true, Release);
        });
        while !READY.load(Acquire) {
            spin_loop();
        }
        println!("{} KB", SIZE.load(Relaxed));
    });
}
