//! Doubles the backoff and adds nothing random, so all tasks come back together.
//! The check says: "at the same moment"

use exercises::{Fault, nonblocking, save};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const MAX_ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Fault> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(fetch(link));
    }
    tasks.join_all().await.into_iter().collect()
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
    sleep(retry_after + backoff).await;
}

fn is_transient(error: &Fault) -> bool {
    match error {
        Fault::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Fault::Broken(_) => true,
    }
}
