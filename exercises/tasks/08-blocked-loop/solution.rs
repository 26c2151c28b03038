//! Task 8, the blocked event loop: what blocks does so on a thread where nobody else wants to go on.

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::{JoinSet, spawn_blocking};

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

/// Asks for the size and for the image, both at once, and saves the image if they fit.
async fn fetch(link: String) -> Result<(), Error> {
    // It blocks, but on a thread that is made for it. The closure may outlive this task, so it gets a
    // link of its own.
    let copy = link.clone();
    let size = spawn_blocking(move || catalogue::size(&copy));
    let size = async { size.await.expect("it does not panic") };
    let image = nonblocking::download(&link);
    let (size, image) = tokio::try_join!(size, image)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
