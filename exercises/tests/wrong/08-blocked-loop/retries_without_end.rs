//! Repeats a look-up until it succeeds.
//! The check says: "it kept requesting what the server had refused"

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

async fn fetch(link: String) -> Result<(), Error> {
    let copy = link.clone();
    let size = spawn_blocking(move || {
        loop {
            if let Ok(size) = catalogue::size(&copy) {
                return size;
            }
        }
    });
    let (size, image) = tokio::join!(size, nonblocking::download(&link));
    let (size, image) = (size.expect("the look-up doesn't panic"), image?);
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
