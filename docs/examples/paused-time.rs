//! An hour of backoff, tested in no time. See `docs/testing.md`.

use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Attempts a download until it succeeds. Each delay is 60 times as long.
async fn retry(mut attempts: impl Iterator<Item = Result<u32, &'static str>>) -> Option<u32> {
    let mut delay = Duration::from_secs(1);
    loop {
        match attempts.next()? {
            Ok(bytes) => return Some(bytes),
            Err(error) => println!("{error}; next attempt in {} s", delay.as_secs()),
        }
        sleep(delay).await;
        delay *= 60;
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let attempts = [Err("503"), Err("503"), Err("503"), Ok(4096)].into_iter();
    assert_eq!(retry(attempts).await, Some(4096));
    println!("waited for {} s of tokio's time", start.elapsed().as_secs());
}
