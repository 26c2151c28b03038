//! Wrong on purpose: a sender is left, so the channel never ends. See `docs/channels.md`.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() {
    let (sender, receiver) = mpsc::channel();
    for worker in ["A", "B"] {
        let sender = sender.clone();
        thread::spawn(move || {
            for number in 1..=3 {
                sender.send((worker, number)).unwrap();
            }
        });
    }
    let _forgotten = sender; // New
    let mut received = Vec::new();
    let end = loop {
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(message) => received.push(message),
            Err(error) => break error,
        }
    };
    for worker in ["A", "B"] {
        let numbers: Vec<_> = received.iter().filter(|message| message.0 == worker).collect();
        println!("{numbers:?}");
    }
    println!("then: {end}");
}
