//! Asks for each image twice, to be on the safe side.
//! The check says: "Who asks again?"

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
    // The permit is given back when it is dropped, at the end of this function.
    let _permit = permits.acquire().await.expect("nobody closes the semaphore");
    let first = nonblocking::download(&link).await?;
    let second = nonblocking::download(&link).await?;
    assert_eq!(first, second);
    save(&link, &second)
}
