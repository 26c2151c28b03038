//! Task 14, the first of two mirrors: each image comes from the first one, however long it takes.

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        let image = fastest(&link).await?;
        save(&link, &image)?;
    }
    Ok(())
}

async fn fastest(link: &str) -> Result<Vec<u8>, Error> {
    // TODO: ask both mirrors, and take the image that comes first.
    let [north, _south] = mirrors(link);
    nonblocking::download(&north).await
}
