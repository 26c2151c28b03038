//! Computes on the pool, and blocks the thread of all tasks: `install` waits without `.await`.
//! The check says: "no task could run"

use exercises::{Error, computing, nonblocking, save};
use rayon::ThreadPoolBuilder;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(4).build().unwrap());
    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let (pool, downloads) = (Arc::clone(&pool), Arc::clone(&downloads));
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let small = pool.install(|| computing::thumbnail(&image))?;
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
