//! Tokio's blocking pool, with four permits.

use exercises::{Error, computing, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let threads = Arc::new(Semaphore::new(4));
    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let (threads, downloads) = (Arc::clone(&threads), Arc::clone(&downloads));
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let permit = threads.acquire().await.unwrap();
            let small = spawn_blocking(move || computing::thumbnail(&image)).await.unwrap()?;
            drop(permit);
            save(&link, &small)
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    Ok(())
}

async fn download(link: &str, downloads: &Semaphore) -> Result<Vec<u8>, Error> {
    let _permit = downloads.acquire().await.unwrap();
    nonblocking::download(link).await
}
