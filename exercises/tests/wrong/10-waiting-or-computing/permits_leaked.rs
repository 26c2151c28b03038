//! Forgets every fifth permit.
//! The check says: "never given back"

use exercises::{Error, computing, nonblocking, save};
use rayon::ThreadPoolBuilder;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, oneshot};
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
            let (sender, thumbnail) = oneshot::channel();
            pool.spawn(move || drop(sender.send(computing::thumbnail(&image))));
            let small = thumbnail.await.unwrap()?;
            save(&link, &small)
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    Ok(())
}

async fn download(link: &str, downloads: &Semaphore) -> Result<Vec<u8>, Error> {
    static DOWNLOADS: AtomicUsize = AtomicUsize::new(1);
    let permit = downloads.acquire().await.unwrap();
    let image = nonblocking::download(link).await?;
    if DOWNLOADS.fetch_add(1, Ordering::Relaxed).is_multiple_of(5) {
        permit.forget();
    }
    Ok(image)
}
