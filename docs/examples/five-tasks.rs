//! Five downloads at a time, by tasks with permits. See `docs/streams.md`.

use std::sync::Arc; // New
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Semaphore; // New
use tokio::task::JoinSet; // New
use tokio::time::{Instant, sleep};

static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Every fourth image takes four times as long as the others.
async fn download(image: u64) -> u64 {
    PEAK.fetch_max(IN_FLIGHT.fetch_add(1, Relaxed) + 1, Relaxed);
    sleep(Duration::from_millis(if image.is_multiple_of(4) { 400 } else { 100 })).await;
    IN_FLIGHT.fetch_sub(1, Relaxed);
    image
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let permits = Arc::new(Semaphore::new(5)); // New
    let mut tasks = JoinSet::new(); // New
    for image in 0..20 {
        let permit = Arc::clone(&permits).acquire_owned().await.unwrap(); // New
        tasks.spawn(async move {
            let _permit = permit; // New
            download(image).await
        });
    }
    let order: Vec<u64> = tasks.join_all().await; // New
    println!("{order:?}");
    println!("{} ms, peak in flight: {PEAK:?}", start.elapsed().as_millis());
}
