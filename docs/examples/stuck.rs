//! Two threads take two locks in different orders, and never end. See `docs/observing.md`.

use std::sync::{Barrier, Mutex};
use std::thread::{self, Builder};

fn lock_both(first: &Mutex<u32>, second: &Mutex<u32>, both_have_one: &Barrier) {
    let mut first = first.lock().unwrap();
    both_have_one.wait();
    *first += *second.lock().unwrap();
}

fn main() {
    let (album, report) = (Mutex::new(1), Mutex::new(2));
    let both_have_one = Barrier::new(2);
    thread::scope(|scope| {
        let thread = |name: &str| Builder::new().name(name.into());
        thread("ada").spawn_scoped(scope, || lock_both(&album, &report, &both_have_one)).unwrap();
        thread("grace").spawn_scoped(scope, || lock_both(&report, &album, &both_have_one)).unwrap();
    });
}
