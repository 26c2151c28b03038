//! What it costs to pass a number through a channel: to send it and to receive it.
//!
//! Each function sends the number 1 `times` times, and returns the sum of what it received.

use std::sync::mpsc;
use std::thread;
use tokio::runtime::Builder;

/// One thread sends and receives, so neither side waits.
pub fn one_thread(times: u64) -> u64 {
    let (sender, receiver) = mpsc::channel();
    let mut sum = 0;
    for _ in 0..times {
        sender.send(1).unwrap();
        sum += receiver.recv().unwrap();
    }
    sum
}

/// One thread sends as fast as it can, another one receives.
pub fn two_threads(times: u64) -> u64 {
    // With a bound the faster thread has to wait for the slower one, and memory is bounded.
    let (sender, receiver) = mpsc::sync_channel(100);
    thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..times {
                sender.send(1).unwrap();
            }
        });
        // Ends when the other thread drops the sender.
        receiver.iter().sum()
    })
}

/// Two tasks of one thread take turns: one fills the channel, the other one empties it.
pub fn two_tasks(times: u64) -> u64 {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (sender, mut receiver) = tokio::sync::mpsc::channel(100);
        tokio::spawn(async move {
            for _ in 0..times {
                sender.send(1).await.unwrap();
            }
        });
        let mut sum = 0;
        while let Some(number) = receiver.recv().await {
            sum += number;
        }
        sum
    })
}
