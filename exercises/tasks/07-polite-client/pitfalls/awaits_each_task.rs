//! A task for each image, but each is waited for at once.
//! The check says: "more than one request"

use exercises::{Error, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    for link in links {
        tokio::spawn(fetch(link)).await.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    let image = nonblocking::download(&link).await?;
    save(&link, &image)
}
