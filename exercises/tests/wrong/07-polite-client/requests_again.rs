//! If an image fails, requests it up to three times.
//! The check says: "each image is requested once, and a failure"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Requests that the server accepts at the same time.
const LIMIT: usize = 8;

/// How often an image is requested before it counts as failed.
const ATTEMPTS: usize = 3;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    let permits = Arc::new(Semaphore::new(LIMIT));
    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link, Arc::clone(&permits)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String, permits: Arc<Semaphore>) -> Result<(), Error> {
    let _permit = permits.acquire().await.expect("never closed");
    let mut attempt = 1;
    let image = loop {
        match nonblocking::download(&link).await {
            Ok(image) => break image,
            Err(error) if attempt < ATTEMPTS => {
                eprintln!("{link}: attempt {attempt}: {error}");
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    };
    save(&link, &image)
}
