//! After an error, asks the other mirror again instead of waiting on.
//! The check says: "and then sent it again"

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
        image = nonblocking::download(&north) => match image {
            Ok(image) => Ok(image),
            Err(_) => nonblocking::download(&south).await,
        },
        image = nonblocking::download(&south) => match image {
            Ok(image) => Ok(image),
            Err(_) => nonblocking::download(&north).await,
        },
    }
}
