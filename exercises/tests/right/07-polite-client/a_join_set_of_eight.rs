//! A `JoinSet` that is kept at eight tasks.

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;
    let mut tasks = JoinSet::new();
    for link in links {
        if tasks.len() == 8 {
            tasks.join_next().await.unwrap().unwrap()?;
        }
        tasks.spawn(fetch(link));
    }
    tasks.join_all().await.into_iter().collect()
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
