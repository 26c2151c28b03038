//! Task 7, a polite client: a task for each image, and a permit for each request.

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Requests that the server accepts at the same time.
const LIMIT: usize = 8;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    // A spawned task may outlive this function, so it can't borrow the semaphore: all tasks share
    // it through an `Arc`. A semaphore for each task would limit nothing.
    let permits = Arc::new(Semaphore::new(LIMIT));
    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link, Arc::clone(&permits)));
    }
    // Without this loop, `main` would return immediately, and the `JoinSet` would abort its tasks.
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String, permits: Arc<Semaphore>) -> Result<(), Error> {
    // A task without a permit waits here, and its thread runs other tasks meanwhile. The permit
    // returns to the semaphore when `_permit` is dropped, at the end of this function. (`let _ = …`
    // would drop it immediately.)
    let _permit = permits.acquire().await.expect("the semaphore is never closed");
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
