//! Task 8, the blocked event loop: a task for each image, and all of them take turns.

use exercises::{Error, catalogue, nonblocking, save};
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

/// Requests the size and the image at the same time, and saves the image if the size is right.
async fn fetch(link: String) -> Result<(), Error> {
    // TODO: somewhere below, a task blocks its thread while it waits. Where?
    let size = async { catalogue::size(&link) };
    let image = nonblocking::download(&link);
    let (size, image) = tokio::try_join!(size, image)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
