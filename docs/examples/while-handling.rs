//! What the other downloads do while a result is handled: a stream. See `docs/streams.md`.

use futures_util::stream::{self, StreamExt};
use std::time::Duration;
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
    let downloads = stream::iter(1..=3).map(|image| download(image, start));
    let mut downloads = downloads.buffer_unordered(3);
    while let Some(image) = downloads.next().await {
        sleep(Duration::from_secs(1)).await; // Handles the image.
        println!("{image} is handled, {} ms", start.elapsed().as_millis());
    }
}
