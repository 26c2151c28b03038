//! Task 11, retries without a storm: whoever is refused comes back at once, again and again.

use exercises::{Error, nonblocking, save};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How often an image is asked for, at most.
const TRIES: u32 = 3;
/// The fixed part of the first pause. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(async move {
            let image = persist(&link).await?;
            save(&link, &image)
        });
    }
    // All of them come to their end before one of them is found to have failed.
    tasks.join_all().await.into_iter().collect()
}

/// Downloads an image, if need be with several tries.
async fn persist(link: &str) -> Result<Vec<u8>, Error> {
    // TODO: this pause stays the same.
    let pause = FIRST_PAUSE;
    for _ in 1..TRIES {
        match nonblocking::download(link).await {
            Err(error) if may_pass(&error) => wait(pause, &error).await,
            result => return result,
        }
    }
    nonblocking::download(link).await
}

/// Waits before the next try.
async fn wait(pause: Duration, error: &Error) {
    // TODO: how long, and for everybody alike? `fastrand::f64()` is a random number from 0 to 1.
    let _ = (pause, error);
    sleep(Duration::ZERO).await;
}

/// Whether it is of use to try again.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
