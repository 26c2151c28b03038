//! Wrong on purpose: a blocking call on the only worker thread. See `docs/multithreaded.md`.

use std::sync::mpsc;
use std::time::Duration;

#[tokio::main(worker_threads = 1)]
async fn main() {
    let (sender, receiver) = mpsc::channel();
    let task = tokio::spawn(async move {
        tokio::spawn(async move { sender.send("hello") });
        receiver.recv_timeout(Duration::from_millis(200))
    });
    println!("{:?}", task.await.unwrap());
}
