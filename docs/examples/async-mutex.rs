//! A lock that is held across an `.await`. See `docs/multithreaded.md`.

use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::{JoinSet, yield_now};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let saved = Arc::new(Mutex::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let saved = Arc::clone(&saved);
        tasks.spawn(async move {
            let mut saved = saved.lock().await; // New
            yield_now().await; // A request, say.
            *saved += 1; // New
        });
    }
    tasks.join_all().await;
    println!("saved: {}", saved.lock().await);
}
