//! Task 11, retries without a storm: later each time, as the server says, and not all at once.

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
    let mut backoff = FIRST_BACKOFF;
    for _ in 1..MAX_ATTEMPTS {
        match nonblocking::download(link).await {
            Err(error) if is_transient(&error) => wait(backoff, &error).await,
            result => return result,
        }
        // The longer the server is down, the less likely it is that the next attempt succeeds.
        backoff *= 2;
    }
    nonblocking::download(link).await
}

/// Waits before the next attempt: for the time that the server asks for, the fixed part of the
/// backoff, and a random part of at most the same length.
async fn wait(backoff: Duration, error: &Error) {
    let retry_after = match error {
        Error::Refused { retry_after, .. } => retry_after.unwrap_or_default(),
        Error::Broken(_) => Duration::ZERO,
    };
    // Jitter: without it, all tasks that were refused together would come back together, and be
    // refused again.
    let random = backoff.mul_f64(fastrand::f64());
    // The sum, not the maximum: with a long `Retry-After`, the maximum would have no random part.
    // `std::thread::sleep` would block the thread, and the other tasks with it.
    sleep(retry_after + backoff + random).await;
}

/// Whether a retry may help.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
