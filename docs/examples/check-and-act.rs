//! Checking and acting under one lock. See `docs/hazards.md`.

use std::sync::{Barrier, Mutex};
use std::thread;

fn main() {
    let tickets = Mutex::new(1);
    let start = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                start.wait();
                let mut left = tickets.lock().unwrap(); // New
                if *left > 0 {
                    *left -= 1; // New
                    println!("here is your ticket");
                }
            });
        }
    });
    println!("tickets left: {}", tickets.into_inner().unwrap());
}
