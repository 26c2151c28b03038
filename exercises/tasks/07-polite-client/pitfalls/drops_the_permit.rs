//! Drops the permit before the download, because `_` isn't a name.
//! The check says: "when is the permit dropped"

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
    let _ = permits.acquire().await.unwrap();
    save(&link, &nonblocking::download(&link).await?)
}
