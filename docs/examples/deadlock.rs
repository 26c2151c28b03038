//! Wrong on purpose: two threads take two locks in opposite orders. See `docs/deadlock.md`.

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

fn main() {
    let [left, right] = ["left", "right"].map(|name| Arc::new(Mutex::new(name)));
    let barrier = Arc::new(Barrier::new(2));
    let (sender, events) = mpsc::channel();
    let orders = [("A", left.clone(), right.clone()), ("B", right, left)];
    for (thread, first, second) in orders {
        let (barrier, sender) = (barrier.clone(), sender.clone());
        thread::spawn(move || {
            let first = first.lock().unwrap();
            sender.send(format!("{thread} holds {first}")).unwrap();
            barrier.wait(); // Now each thread holds one lock.
            let second = second.lock().unwrap();
            sender.send(format!("{thread} holds {first} and {second}")).unwrap();
        });
    }
    drop(sender);
    let mut seen = Vec::new();
    let end = loop {
        match events.recv_timeout(Duration::from_secs(1)) {
            Ok(event) => seen.push(event),
            Err(error) => break error,
        }
    };
    seen.sort();
    println!("{}\nthen: {end}", seen.join("\n"));
}
