//! Wrong on purpose: each lock is right, and both customers get the last ticket. See
//! `docs/hazards.md`.

use std::sync::{Barrier, Mutex};
use std::thread;

fn main() {
    let tickets = Mutex::new(1);
    let both_have_checked = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let left = *tickets.lock().unwrap();
                both_have_checked.wait();
                if left > 0 {
                    *tickets.lock().unwrap() -= 1;
                    println!("here is your ticket");
                }
            });
        }
    });
    println!("tickets left: {}", tickets.into_inner().unwrap());
}
