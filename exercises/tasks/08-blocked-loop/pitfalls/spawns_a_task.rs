//! Makes the look-up a task of its own, which blocks the same thread.
//! The check says: "without an `.await`"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::JoinSet;

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
    let size = tokio::spawn(async move { catalogue::size(&copy) });
    let size = async { size.await.unwrap() };
    let (size, image) = tokio::try_join!(size, nonblocking::download(&link))?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
