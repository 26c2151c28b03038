//! A wrong program passes its test ten thousand times. See `docs/testing.md`.

use std::sync::{Arc, Mutex};
use std::thread;

fn add_one(saved: &Mutex<u32>) {
    let old = *saved.lock().unwrap();
    *saved.lock().unwrap() = old + 1;
}

fn two_threads_count() -> u32 {
    let saved = Arc::new(Mutex::new(0));
    let for_thread = Arc::clone(&saved);
    let thread = thread::spawn(move || add_one(&for_thread));
    add_one(&saved);
    thread.join().unwrap();
    *saved.lock().unwrap()
}

fn main() {
    let wrong = (0..10_000).filter(|_| two_threads_count() != 2).count();
    println!("10000 tests, {wrong} failures");
}
