//! Eight tasks, each with an eighth of the links.
//! The check says: "beforehand"

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;
    let mut tasks = JoinSet::new();
    for first in 0..8 {
        let share: Vec<_> = links.iter().skip(first).step_by(8).cloned().collect();
        tasks.spawn(async move {
            for link in share {
                fetch(link).await?;
            }
            Ok(())
        });
    }
    tasks.join_all().await.into_iter().collect()
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
