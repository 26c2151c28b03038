//! Gives the runtime more threads, and blocks each of them.
//! The check says: "threads of the runtime"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main]
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
    let size = async { catalogue::size(&link) };
    let (size, image) = tokio::try_join!(size, nonblocking::download(&link))?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
