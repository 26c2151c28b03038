//! A blocking call that the runtime knows of. See `docs/multithreaded.md`.

use std::sync::mpsc;
use std::time::Duration;
use tokio::task::block_in_place;

#[tokio::main(worker_threads = 1)]
async fn main() {
    let (sender, receiver) = mpsc::channel();
    let task = tokio::spawn(async move {
        tokio::spawn(async move { sender.send("hello") });
        block_in_place(|| receiver.recv_timeout(Duration::from_millis(200))) // New
    });
    println!("{:?}", task.await.unwrap());
}
