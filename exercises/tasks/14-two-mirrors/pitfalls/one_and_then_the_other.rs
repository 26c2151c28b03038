//! Asks the second mirror only after an error of the first one.
//! The check says: "only one mirror was asked"

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
    let [north, south] = mirrors(link);
    match nonblocking::download(&north).await {
        Ok(image) => Ok(image),
        Err(_) => nonblocking::download(&south).await,
    }
}
