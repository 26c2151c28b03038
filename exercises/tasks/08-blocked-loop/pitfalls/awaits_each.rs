//! Blocks no task, but waits for the size before it requests the image.
//! The check says: "a whole task"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::{JoinSet, spawn_blocking};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let copy = link.clone();
    let size = spawn_blocking(move || catalogue::size(&copy)).await.unwrap()?;
    let image = nonblocking::download(&link).await?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
