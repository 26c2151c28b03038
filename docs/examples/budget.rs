//! A task whose channel is never empty, and one that wants its turn. See `docs/multithreaded.md`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tokio::sync::mpsc;

static RECEIVED: AtomicU32 = AtomicU32::new(0);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, mut receiver) = mpsc::channel(1000);
    for number in 0..1000 {
        sender.try_send(number).unwrap();
    }
    drop(sender);
    let busy = async move {
        while receiver.recv().await.is_some() {
            RECEIVED.fetch_add(1, Relaxed);
        }
    };
    let busy = tokio::spawn(busy);
    let other = tokio::spawn(async {
        println!("the other task's turn comes after {RECEIVED:?} messages");
    });
    busy.await.unwrap();
    other.await.unwrap();
}
