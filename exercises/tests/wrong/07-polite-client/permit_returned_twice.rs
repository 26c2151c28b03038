//! Adds a permit after an error, although the guard returns one, too.
//! The check says: "after an error that it doesn"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Requests that the server accepts at the same time.
const LIMIT: usize = 8;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    let permits = Arc::new(Semaphore::new(LIMIT));
    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link, Arc::clone(&permits)));
    }
    // If an image fails, the others are downloaded anyway.
    let mut first_error = None;
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended.expect("no task panics") {
            eprintln!("failed: {error}");
            first_error.get_or_insert(error);
        }
    }
    first_error.map_or(Ok(()), Err)
}

async fn fetch(link: String, permits: Arc<Semaphore>) -> Result<(), Error> {
    let _permit = permits.acquire().await.expect("never closed");
    match nonblocking::download(&link).await {
        Ok(image) => save(&link, &image),
        Err(error) => {
            // Without this, a failed image would keep its permit, and the others would wait for ever.
            permits.add_permits(1);
            Err(error)
        }
    }
}
