//! The permit is acquired before the task is spawned, and moved into it.

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;
    let permits = Arc::new(Semaphore::new(8));
    let mut tasks = JoinSet::new();
    for link in links {
        let permit = Arc::clone(&permits).acquire_owned().await.unwrap();
        tasks.spawn(async move {
            let image = nonblocking::download(&link).await;
            drop(permit);
            save(&link, &image?)
        });
    }
    tasks.join_all().await.into_iter().collect()
}
