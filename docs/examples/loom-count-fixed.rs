//! Read and write under one lock, under every schedule. See `docs/testing.md`.

use loom::sync::{Arc, Mutex};
use loom::thread;

fn add_one(name: &str, saved: &Mutex<u32>) {
    let mut guard = saved.lock().unwrap(); // New
    let old = *guard; // New
    println!("  {name} reads {old}");
    *guard = old + 1; // New
    println!("  {name} writes {}", old + 1);
}

fn main() {
    loom::model(|| {
        println!("another schedule:");
        let saved = Arc::new(Mutex::new(0));
        let for_thread = Arc::clone(&saved);
        let thread = thread::spawn(move || add_one("B", &for_thread));
        add_one("A", &saved);
        thread.join().unwrap();
        assert_eq!(*saved.lock().unwrap(), 2);
    });
}
