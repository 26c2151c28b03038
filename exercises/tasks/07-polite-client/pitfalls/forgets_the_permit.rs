//! Keeps the permit from being dropped too early, so it never returns.
//! The check says: "What happened to the first 8"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let permits = Arc::new(Semaphore::new(8));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(fetch(link, Arc::clone(&permits)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String, permits: Arc<Semaphore>) -> Result<(), Error> {
    permits.acquire().await.unwrap().forget();
    save(&link, &nonblocking::download(&link).await?)
}
