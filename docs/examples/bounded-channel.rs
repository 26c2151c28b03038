//! A sender that has to wait for its receiver. See `docs/channels.md`.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, thread};

static SENT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let bound = env::args().nth(1).map_or(4, |bound| bound.parse().unwrap()); // New
    let (sender, receiver) = mpsc::sync_channel(bound); // New
    thread::spawn(move || {
        for _ in 0..2000 {
            sender.send(vec![255_u8; 50_000]).unwrap();
            SENT.fetch_add(1, Relaxed);
        }
    });
    let mut most_ahead = 0;
    for received in 1.. {
        let Ok(_image) = receiver.recv() else { break };
        // The receiver is slower. It writes the image to a disk, for instance.
        thread::sleep(Duration::from_micros(500));
        most_ahead = most_ahead.max(SENT.load(Relaxed).saturating_sub(received));
    }
    println!("the sender was {most_ahead} images ahead");
    // The most memory that the process has used so far.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
}
