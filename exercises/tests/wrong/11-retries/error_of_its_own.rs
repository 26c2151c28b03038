//! After the third attempt, returns an error of its own instead of the last one.
//! The check says: "didn't print this status"

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
    // `join_all` waits for all tasks; only then is the first error returned.
    tasks.join_all().await.into_iter().collect()
}

/// Downloads an image, with up to `MAX_ATTEMPTS` attempts.
async fn download_with_retries(link: &str) -> Result<Vec<u8>, Error> {
    let mut backoff = FIRST_BACKOFF;
    for attempt in 1..=MAX_ATTEMPTS {
        match nonblocking::download(link).await {
            Ok(image) => return Ok(image),
            Err(error) if !is_transient(&error) => return Err(error),
            Err(error) if attempt < MAX_ATTEMPTS => wait(backoff, &error).await,
            Err(_) => (),
        }
        backoff *= 2;
    }
    Err(Error::Broken(format!("{link}: gave up after {MAX_ATTEMPTS} attempts")))
}

/// Waits before the next attempt.
async fn wait(backoff: Duration, error: &Error) {
    let retry_after = match error {
        Error::Refused { retry_after, .. } => retry_after.unwrap_or_default(),
        Error::Broken(_) => Duration::ZERO,
    };
    let random = backoff.mul_f64(fastrand::f64());
    sleep(retry_after + backoff + random).await;
}

/// Whether a retry may help.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
