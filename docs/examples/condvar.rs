//! A thread sleeps until there is a job. See `docs/condvar.md`.

use std::sync::{Condvar, Mutex};
use std::thread;

fn main() {
    let jobs = Mutex::new(Vec::new());
    let added = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = jobs.lock().unwrap();
            // Unlocks while it waits, and locks again before it returns.
            let mut guard = added.wait_while(guard, |jobs| jobs.is_empty()).unwrap();
            println!("got {:?}", guard.pop());
        });
        jobs.lock().unwrap().push("d7c3oww.png");
        added.notify_one();
    });
}
