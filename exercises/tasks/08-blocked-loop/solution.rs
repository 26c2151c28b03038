//! Task 8, the blocked event loop: each blocking call runs on a thread made for it.

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

/// Requests the size and the image at the same time, and saves the image if the size is right.
async fn fetch(link: String) -> Result<(), Error> {
    // `size` has no `.await` inside. Called here, it would block the only thread of the runtime,
    // and all tasks with it. Tokio keeps other threads for blocking calls; their result can be
    // awaited. The closure may outlive this task, so it gets its own copy of the link.
    let copy = link.clone();
    let size = spawn_blocking(move || catalogue::size(&copy));
    // The outer result is the thread's: it is an error if the closure panicked.
    let size = async { size.await.expect("the look-up doesn't panic") };
    let image = nonblocking::download(&link);
    let (size, image) = tokio::try_join!(size, image)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
