//! Waits for all tasks, and looks at no result.
//! The check says: "Every download counts"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let permits = Arc::new(Semaphore::new(8));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let permits = Arc::clone(&permits);
        tasks.spawn(async move {
            let _permit = permits.acquire_owned().await.unwrap();
            save(&link, &nonblocking::download(&link).await?)
        });
    }
    while tasks.join_next().await.is_some() {}
    Ok(())
}
