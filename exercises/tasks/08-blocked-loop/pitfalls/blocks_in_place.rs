//! `block_in_place` moves the other tasks to another thread, but not the other half of its own task.
//! The check says: "one after the other"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::{JoinSet, block_in_place};

#[tokio::main]
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

/// Asks for the size and for the image, both at once, and saves the image if they fit.
async fn fetch(link: String) -> Result<(), Error> {
    let size = async { block_in_place(|| catalogue::size(&link)) };
    let image = nonblocking::download(&link);
    let (size, image) = tokio::try_join!(size, image)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
