//! A task for each mirror; a `JoinSet` aborts its tasks when it is dropped.

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        let image = fastest(&link).await?;
        save(&link, &image)?;
    }
    Ok(())
}

async fn fastest(link: &str) -> Result<Vec<u8>, Error> {
    let [north, south] = mirrors(link);
    let mut tasks = JoinSet::new();
    for mirror in [north, south] {
        tasks.spawn(async move { nonblocking::download(&mirror).await });
    }
    let mut last = Err(Error::Broken("no mirror".into()));
    while let Some(image) = tasks.join_next().await {
        last = image.expect("no task panics");
        if last.is_ok() {
            break;
        }
    }
    last
}
