//! Five downloads at a time, as a stream. See `docs/streams.md`.

use futures_util::stream::{self, StreamExt};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
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
    let downloads = stream::iter(0..20).map(download).buffer_unordered(5);
    let order: Vec<u64> = downloads.collect().await;
    println!("{order:?}");
    println!("{} ms, peak in flight: {PEAK:?}", start.elapsed().as_millis());
}
