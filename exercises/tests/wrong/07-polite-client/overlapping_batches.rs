//! Two groups of four, each of which waits for its slowest.
//! The check says: "no other one came"

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;
    let half = links.len() / 2;
    let (first, second) = links.split_at(half);
    tokio::try_join!(group(first), group(second))?;
    Ok(())
}

async fn group(links: &[String]) -> Result<(), Error> {
    for batch in links.chunks(4) {
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
