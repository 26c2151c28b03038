//! Nothing blocks, and nothing limits how many compute: the blocking pool has up to 512 threads.
//! The check says: "take turns on the cores"

use exercises::{Error, computing, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let downloads = Arc::clone(&downloads);
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let small = spawn_blocking(move || computing::thumbnail(&image)).await.unwrap()?;
            save(&link, &small)
        });
    }
    all(tasks).await
}

async fn download(link: &str, downloads: &Semaphore) -> Result<Vec<u8>, Error> {
    let _turn = downloads.acquire().await.unwrap();
    nonblocking::download(link).await
}

async fn all(mut tasks: JoinSet<Result<(), Error>>) -> Result<(), Error> {
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    Ok(())
}
