//! Task 11, retries without a storm: a client that is refused comes back at once, again and again.

use exercises::{Error, nonblocking, save};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Attempts per image.
const MAX_ATTEMPTS: u32 = 3;
/// The fixed part of the first backoff. It doubles with each further one.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(async move {
            let image = download_with_retries(&link).await?;
            save(&link, &image)
        });
    }
    // `join_all` waits for all tasks; only then the first error is returned.
    tasks.join_all().await.into_iter().collect()
}

/// Downloads an image, with up to `MAX_ATTEMPTS` attempts.
async fn download_with_retries(link: &str) -> Result<Vec<u8>, Error> {
    // TODO: this backoff never changes.
    let backoff = FIRST_BACKOFF;
    for _ in 1..MAX_ATTEMPTS {
        match nonblocking::download(link).await {
            Err(error) if is_transient(&error) => wait(backoff, &error).await,
            result => return result,
        }
    }
    nonblocking::download(link).await
}

/// Waits before the next attempt.
async fn wait(backoff: Duration, error: &Error) {
    // TODO: how long, and as long in every task? `fastrand::f64()` is a random number from 0 to 1.
    let _ = (backoff, error);
    sleep(Duration::ZERO).await;
}

/// Whether a retry may help.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
