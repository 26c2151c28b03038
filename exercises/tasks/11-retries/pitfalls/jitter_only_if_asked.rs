//! Random, but only where the server asks for a pause: after a 503 all come back together.
//! The check says: "in the same moment"

use exercises::{Error, nonblocking, save};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const TRIES: u32 = 3;
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

async fn persist(link: &str) -> Result<Vec<u8>, Error> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..TRIES {
        match nonblocking::download(link).await {
            Err(error) if may_pass(&error) => wait(pause, &error).await,
            result => return result,
        }
        pause *= 2;
    }
    nonblocking::download(link).await
}

async fn wait(pause: Duration, error: &Error) {
    let pause = match error {
        Error::Refused { retry_after: Some(asked_for), .. } => {
            *asked_for + pause + pause.mul_f64(fastrand::f64())
        }
        _ => pause,
    };
    sleep(pause).await;
}

fn may_pass(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
        Error::Broken(_) => true,
    }
}
