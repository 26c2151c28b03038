//! `main` waits for the settings, not for a time. See `docs/hazards.md`.

use std::sync::mpsc;
use std::time::Duration;
use std::{env, thread};

fn main() {
    let milliseconds = env::args().nth(1).map_or(0, |it| it.parse().unwrap());
    let (sender, settings) = mpsc::channel(); // New
    thread::scope(|scope| {
        scope.spawn(move || {
            // The disk.
            thread::sleep(Duration::from_millis(milliseconds));
            sender.send("workers = 5").unwrap(); // New
        });
        println!("{:?}", settings.recv()); // New
    });
}
