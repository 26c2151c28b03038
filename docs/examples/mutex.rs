//! A number that two threads change, behind a `Mutex`. See `docs/sharing.md`.

use std::sync::{Arc, Mutex};
use std::thread;

fn main() {
    let saved = Arc::new(Mutex::new(0)); // New
    let for_thread = Arc::clone(&saved); // New
    let thread = thread::spawn(move || {
        let mut saved = for_thread.lock().unwrap(); // New
        *saved += 1; // New
        println!("in the thread: {saved}");
    });
    thread.join().unwrap();
    println!("in main: {}", saved.lock().unwrap()); // New
}
