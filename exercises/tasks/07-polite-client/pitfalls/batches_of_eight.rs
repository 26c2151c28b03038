//! Never more than eight, but the ninth waits until all of the first eight are there.
//! The check says: "in batches"

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

/// How many requests the server bears at once.
const LIMIT: usize = 8;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    for batch in links.chunks(LIMIT) {
        let mut tasks = JoinSet::new();
        for link in batch {
            tasks.spawn(fetch(link.clone()));
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("no task panics")?;
        }
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
