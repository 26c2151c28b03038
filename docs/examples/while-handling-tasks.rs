//! What the other downloads do while a result is handled: tasks. See `docs/streams.md`.

use std::time::Duration;
use tokio::task::JoinSet; // New
use tokio::time::{Instant, sleep};

/// Two waits: for the response to begin, and for its end.
async fn download(image: u64, start: Instant) -> u64 {
    sleep(Duration::from_millis(100 * image)).await;
    println!("{image} begins to arrive, {} ms", start.elapsed().as_millis());
    sleep(Duration::from_millis(150)).await;
    image
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let downloads = (1..=3).map(|image| download(image, start)); // New
    let mut downloads: JoinSet<u64> = downloads.collect(); // New
    while let Some(image) = downloads.join_next().await {
        sleep(Duration::from_secs(1)).await; // Handles the image.
        println!("{} is handled, {} ms", image.unwrap(), start.elapsed().as_millis()); // New
    }
}
