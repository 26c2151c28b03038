//! Takes one, but only if one is left. See `docs/atomics.md`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

/// Returns whether a ticket was left.
fn buy(tickets: &AtomicU32) -> bool {
    let mut left = tickets.load(Relaxed);
    while left > 0 {
        // Stores only if the number is still the one that was read.
        match tickets.compare_exchange_weak(left, left - 1, Relaxed, Relaxed) {
            Ok(_) => return true,
            Err(now) => left = now,
        }
    }
    false
}

fn main() {
    let tickets = AtomicU32::new(1000);
    let customer = || (0..1000).filter(|_| buy(&tickets)).count();
    let sold: usize = thread::scope(|scope| {
        let customers = [(); 3].map(|()| scope.spawn(customer));
        customers.into_iter().map(|customer| customer.join().unwrap()).sum()
    });
    println!("{sold} sold, {tickets:?} left");
}
