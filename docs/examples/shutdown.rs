//! Workers that end what they have begun, and then stop. See `docs/cancellation.md`.

use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Downloads images until it's told to stop, and returns how many.
async fn work(stop: watch::Receiver<bool>) -> u32 {
    let mut images = 0;
    while !*stop.borrow() {
        sleep(Duration::from_millis(30)).await; // An image.
        images += 1;
    }
    images
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    for _ in 0..3 {
        workers.spawn(work(stopped.clone()));
    }
    sleep(Duration::from_millis(100)).await; // Then the user presses Ctrl-C.
    stop.send_replace(true);
    let images = workers.join_all().await;
    println!("images: {images:?}, none of them cut short");
}
