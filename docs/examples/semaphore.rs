//! A semaphore, made of a `Mutex` and a `Condvar`. See `docs/condvar.md`.

use std::sync::{Condvar, Mutex};
use std::thread;

struct Semaphore {
    permits: Mutex<u32>,
    released: Condvar,
}

impl Semaphore {
    fn acquire(&self) {
        let permits = self.permits.lock().unwrap();
        *self.released.wait_while(permits, |permits| *permits == 0).unwrap() -= 1;
    }

    fn release(&self) {
        *self.permits.lock().unwrap() += 1;
        self.released.notify_one();
    }
}

fn main() {
    let downloaded = Semaphore { permits: Mutex::new(0), released: Condvar::new() };
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| downloaded.release());
        }
    });
    // All three have ended. Their permits are still there.
    for image in 1..=3 {
        downloaded.acquire();
        println!("image {image} is there");
    }
}
