//! Starts a thread for the look-up, and blocks its own thread until that one has ended.
//! The check says: "without an `.await`"

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
        ended.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let on_a_thread = || thread::scope(|scope| scope.spawn(|| catalogue::size(&link)).join());
    let size = async { on_a_thread().unwrap() };
    let (size, image) = tokio::try_join!(size, nonblocking::download(&link))?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
