//! Uses `block_in_place` on a runtime with one thread.
//! The check says: "can call blocking only"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::{JoinSet, block_in_place};

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
    let size = async { block_in_place(|| catalogue::size(&link)) };
    let (size, image) = tokio::try_join!(size, nonblocking::download(&link))?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
