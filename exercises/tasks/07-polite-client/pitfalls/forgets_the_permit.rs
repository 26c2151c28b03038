//! Keeps the permit from being dropped too early, and so it is never given back.
//! The check says: "given back"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many requests the server bears at once.
const LIMIT: usize = 8;

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
    permits.acquire().await.unwrap().forget();
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
