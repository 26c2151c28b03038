//! A lock lets in one at a time. That is polite, and slow.
//! The check says: "more than one request"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    let one_at_a_time = Arc::new(Mutex::new(()));
    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link, Arc::clone(&one_at_a_time)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String, one_at_a_time: Arc<Mutex<()>>) -> Result<(), Error> {
    let _turn = one_at_a_time.lock().await;
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
