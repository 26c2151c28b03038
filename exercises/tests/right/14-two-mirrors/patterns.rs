//! Branches with patterns: an error switches its branch off.

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
    tokio::select! {
        Ok(image) = nonblocking::download(&north) => Ok(image),
        Ok(image) = nonblocking::download(&south) => Ok(image),
        else => Err(Error::Broken(format!("{link}: both mirrors failed"))),
    }
}
