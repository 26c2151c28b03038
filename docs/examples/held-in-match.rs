//! Wrong on purpose: the guard in a `match` lives to its end. See `docs/deadlock.md`.

use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static JOBS: Mutex<Vec<&str>> = Mutex::new(vec![]);

fn take_or_add() {
    match JOBS.lock().unwrap().pop() {
        Some(job) => println!("took {job}"),
        None => JOBS.lock().unwrap().push("d7c3oww.png"),
    }
}

fn main() {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        take_or_add();
        done.send(()).unwrap();
    });
    println!("{:?}", is_done.recv_timeout(Duration::from_secs(1)));
}
