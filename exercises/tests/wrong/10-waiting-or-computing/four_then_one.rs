//! Computes with four threads at first, and then with one at a time.
//! The check says: "At first, 4 threads computed"

use exercises::{Error, computing, nonblocking, save};
use rayon::ThreadPoolBuilder;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

static BEGUN: AtomicUsize = AtomicUsize::new(0);
static TURN: Mutex<()> = Mutex::new(());

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
            pool.spawn(move || {
                let is_first = BEGUN.fetch_add(1, Ordering::Relaxed) < 4;
                let guard = (!is_first).then(|| TURN.lock().unwrap());
                drop(sender.send(computing::thumbnail(&image)));
                drop(guard);
            });
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
    let _permit = downloads.acquire().await.unwrap();
    nonblocking::download(link).await
}
