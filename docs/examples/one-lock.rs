//! One lock for the values that one rule covers. See `docs/sharing.md`.

use std::sync::{Barrier, Mutex};
use std::thread;

fn main() {
    // The rule: together, the two accounts always hold 100.
    let accounts = Mutex::new((100, 0)); // New
    let start = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            start.wait();
            let mut accounts = accounts.lock().unwrap(); // New
            accounts.0 -= 30; // New
            accounts.1 += 30; // New
        });
        start.wait();
        let accounts = accounts.lock().unwrap(); // New
        println!("the audit finds {}", accounts.0 + accounts.1); // New
    });
}
