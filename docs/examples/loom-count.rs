//! The same two threads, under every schedule. See `docs/testing.md`.

use loom::sync::{Arc, Mutex};
use loom::thread;

fn add_one(name: &str, saved: &Mutex<u32>) {
    let old = *saved.lock().unwrap();
    println!("  {name} reads {old}");
    *saved.lock().unwrap() = old + 1;
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
