//! No limit but well-tuned sleeps.
//! The check says: "refused with 429"

use exercises::{Error, nonblocking, save};
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;
    let mut tasks = JoinSet::new();
    for (index, link) in links.into_iter().enumerate() {
        tasks.spawn(async move {
            tokio::time::sleep(Duration::from_secs((index / 8) as u64)).await;
            save(&link, &nonblocking::download(&link).await?)
        });
    }
    tasks.join_all().await.into_iter().collect()
}
