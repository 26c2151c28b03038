//! Puts the look-up behind the download: the downloads are concurrent then, the look-ups are not.
//! The check says: "one after the other"

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

/// Asks for the size and for the image, both at once, and saves the image if they fit.
async fn fetch(link: String) -> Result<(), Error> {
    let image = nonblocking::download(&link).await?;
    let size = catalogue::size(&link)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
