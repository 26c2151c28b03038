//! Task 7, a polite client: a task for each image, and all send their requests at once.

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

/// Requests that the server accepts at the same time.
const LIMIT: usize = 8;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    // TODO: keep a task for each image, but never have more than LIMIT requests in flight.
    let _ = LIMIT;
    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
