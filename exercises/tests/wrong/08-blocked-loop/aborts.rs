//! Ends the process at the first error.
//! The check says: "was ended by a signal"

use exercises::{Error, catalogue, nonblocking, save};
use std::process;
use tokio::task::{JoinSet, spawn_blocking};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended.expect("no task panics") {
            eprintln!("{error}");
            process::abort();
        }
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let copy = link.clone();
    let size = spawn_blocking(move || catalogue::size(&copy));
    let size = async { size.await.expect("the look-up doesn't panic") };
    let (size, image) = tokio::try_join!(size, nonblocking::download(&link))?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
