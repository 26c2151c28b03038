//! Joins the look-up's own thread after the download, which blocks the only thread of the runtime.
//! The check says: "was not saved until more sizes came"

use exercises::{Error, catalogue, nonblocking, save};
use std::thread;
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
    // The look-up blocks, so another thread makes it, while this one downloads.
    let copy = link.clone();
    let size = thread::spawn(move || catalogue::size(&copy));
    let image = nonblocking::download(&link).await?;
    let size = size.join().expect("the look-up doesn't panic")?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
