//! One semaphore for everything: whoever computes keeps the permit of a download.
//! The check says: "A permit is for a download"

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
            let _turn = downloads.acquire().await.unwrap();
            let image = nonblocking::download(&link).await?;
            let small = spawn_blocking(move || computing::thumbnail(&image)).await.unwrap()?;
            save(&link, &small)
        });
    }
    all(tasks).await
}

async fn all(mut tasks: JoinSet<Result<(), Error>>) -> Result<(), Error> {
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    Ok(())
}
