//! What is not there cannot block.
//! The check says: "never asked"

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
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
