//! Wrong on purpose: one rule covers two values, and each value has its own lock. See
//! `docs/sharing.md`.

use std::sync::{Barrier, Mutex};
use std::thread;

fn main() {
    // The rule: together, the two accounts always hold 100.
    let (checking, savings) = (Mutex::new(100), Mutex::new(0));
    let (taken, audited) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            *checking.lock().unwrap() -= 30;
            taken.wait();
            audited.wait();
            *savings.lock().unwrap() += 30;
        });
        taken.wait();
        let sum = *checking.lock().unwrap() + *savings.lock().unwrap();
        println!("the audit finds {sum}");
        audited.wait();
    });
}
