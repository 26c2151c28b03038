//! Holds the permit until the task is spawned, not until it is done.
//! The check says: "when is the permit dropped"

use exercises::{Error, nonblocking, save};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let permits = Semaphore::new(8);
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let _permit = permits.acquire().await.unwrap();
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
