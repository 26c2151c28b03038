//! Each task has a semaphore of its own, on which it never waits.
//! The check says: "how long does it live"

use exercises::{Error, nonblocking, save};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many requests the server bears at once.
const LIMIT: usize = 8;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let permits = Semaphore::new(LIMIT);
    let _permit = permits.acquire().await.unwrap();
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
