//! Downloads sixteen images, waits for all of them, and downloads the next sixteen.
//! The check says: "downloaded in batches"

use exercises::{Error, computing, nonblocking, save};
use rayon::ThreadPoolBuilder;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(4).build().unwrap());
    let mut tasks = JoinSet::new();
    for batch in nonblocking::album().await?.chunks(16) {
        let mut downloads = JoinSet::new();
        for link in batch.iter().cloned() {
            downloads.spawn(async move { (nonblocking::download(&link).await, link) });
        }
        while let Some(downloaded) = downloads.join_next().await {
            let (image, link) = downloaded.unwrap();
            let (pool, image) = (Arc::clone(&pool), image?);
            tasks.spawn(async move {
                let (sender, thumbnail) = oneshot::channel();
                pool.spawn(move || drop(sender.send(computing::thumbnail(&image))));
                let small = thumbnail.await.unwrap()?;
                save(&link, &small)
            });
        }
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    Ok(())
}
