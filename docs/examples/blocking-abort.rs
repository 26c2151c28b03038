//! A blocking call that has begun cannot be aborted. See `docs/cancellation.md`.

use std::time::Duration;
use std::{sync::mpsc, thread};
use tokio::task::spawn_blocking;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (begun, has_begun) = mpsc::channel();
    let call = spawn_blocking(move || {
        begun.send(()).unwrap();
        thread::sleep(Duration::from_millis(200));
        println!("the blocking call ends");
    });
    has_begun.recv().unwrap();
    call.abort();
    println!("abort was called");
    println!("the handle says: {:?}", call.await);
}
