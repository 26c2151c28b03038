//! Sends one request at a time, so the server refuses none.
//! The check says: "To limit yourself is task 7"

use exercises::{Fault, nonblocking, save};
use std::time::Duration;
use tokio::time::sleep;

const MAX_ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Fault> {
    for link in nonblocking::album().await? {
        fetch(link).await?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Fault> {
    save(&link, &download_with_retries(&link).await?)
}

async fn download_with_retries(link: &str) -> Result<Vec<u8>, Fault> {
    let mut backoff = FIRST_BACKOFF;
    for _ in 1..MAX_ATTEMPTS {
        match nonblocking::download(link).await {
            Err(error) if is_transient(&error) => wait(backoff, &error).await,
            result => return result,
        }
        backoff *= 2;
    }
    nonblocking::download(link).await
}

async fn wait(backoff: Duration, error: &Fault) {
    let retry_after = match error {
        Fault::Refused { retry_after, .. } => retry_after.unwrap_or_default(),
        Fault::Broken(_) => Duration::ZERO,
    };
    let random = backoff.mul_f64(fastrand::f64());
    sleep(retry_after + backoff + random).await;
}

fn is_transient(error: &Fault) -> bool {
    match error {
        Fault::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Fault::Broken(_) => true,
    }
}
