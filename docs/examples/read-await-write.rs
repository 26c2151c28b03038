//! Wrong on purpose: the lock is free between reading and writing. See `docs/multithreaded.md`.

use std::sync::{Arc, Mutex};
use tokio::task::{JoinSet, yield_now};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let saved = Arc::new(Mutex::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let saved = Arc::clone(&saved);
        tasks.spawn(async move {
            let before = *saved.lock().unwrap();
            yield_now().await; // A request, say.
            *saved.lock().unwrap() = before + 1;
        });
    }
    tasks.join_all().await;
    println!("saved: {}", saved.lock().unwrap());
}
