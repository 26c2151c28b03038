//! The permit is held until the task is spawned, not until it is done.
//! The check says: "how long does it live"

use exercises::{Error, nonblocking, save};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many requests the server bears at once.
const LIMIT: usize = 8;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    let permits = Semaphore::new(LIMIT);
    let mut tasks = JoinSet::new();
    for link in links {
        let _permit = permits.acquire().await.unwrap();
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
