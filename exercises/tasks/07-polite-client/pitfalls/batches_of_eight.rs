//! Requests the ninth image only when all of the first eight have come.
//! The check says: "in batches"

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for batch in nonblocking::album().await?.chunks(8) {
        let mut tasks = JoinSet::new();
        for link in batch {
            tasks.spawn(fetch(link.clone()));
        }
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap()?;
        }
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
