//! Wrong on purpose: one rule covers two atomics. See `docs/atomics.md`.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

fn main() {
    // All images have 10 bytes. One has been downloaded.
    let (images, bytes) = (AtomicU32::new(1), AtomicU32::new(10));
    let (added, looked) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            bytes.fetch_add(10, SeqCst);
            added.wait();
            looked.wait();
            images.fetch_add(1, SeqCst);
        });
        added.wait();
        println!("{} bytes on average", bytes.load(SeqCst) / images.load(SeqCst));
        looked.wait();
    });
}
