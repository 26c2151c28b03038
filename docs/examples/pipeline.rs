//! What a pipeline's latency and throughput depend on. See `docs/laws.md`.

use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Instant, sleep};

/// Starts a stage that takes some time for each image, and returns where its results come out.
fn stage(mut images: Receiver<u32>, milliseconds: u64) -> Receiver<u32> {
    let (sender, results) = channel(1);
    tokio::spawn(async move {
        while let Some(image) = images.recv().await {
            sleep(Duration::from_millis(milliseconds)).await;
            sender.send(image).await.unwrap();
        }
    });
    results
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for stages in [[10, 30, 20], [10, 15, 20]] {
        let start = Instant::now();
        let (sender, images) = channel(1);
        tokio::spawn(async move {
            for image in 1..=100 {
                sender.send(image).await.unwrap();
            }
        });
        let mut results = stages.into_iter().fold(images, stage);
        results.recv().await;
        let first = start.elapsed().as_millis();
        while results.recv().await.is_some() {}
        let all = start.elapsed().as_millis();
        println!(
            "stages of {stages:?} ms: the first image after {first} ms, all 100 after {all} ms"
        );
    }
}
