//! Doubles the pause before the first wait, so all pauses are twice as long.
//! The check says: "the fixed ones"

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
    let mut pause = FIRST_PAUSE;
    for _ in 1..TRIES {
        match nonblocking::download(link).await {
            Err(error) if may_pass(&error) => {
                pause *= 2;
                wait(pause, &error).await;
            }
            result => return result,
        }
    }
    nonblocking::download(link).await
}

/// Waits before the next try: as long as the server says, the pause, and a random part of up to as
/// long again.
async fn wait(pause: Duration, error: &Error) {
    let asked_for = match error {
        Error::Refused { retry_after, .. } => retry_after.unwrap_or_default(),
        Error::Broken(_) => Duration::ZERO,
    };
    let random = pause.mul_f64(fastrand::f64());
    sleep(asked_for + pause + random).await;
}

/// Whether it is of use to try again.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
