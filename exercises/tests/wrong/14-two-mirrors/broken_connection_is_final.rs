//! Waits for the other mirror only after a status, and not when a connection breaks off.
//! The check says: "broke off halfway through the image"

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
    let mut north = Box::pin(nonblocking::download(&north));
    let mut south = Box::pin(nonblocking::download(&south));
    tokio::select! {
        first = &mut north => match first {
            // This mirror doesn't have the image: the other one may.
            Err(Error::Refused { .. }) => south.await,
            first => first,
        },
        first = &mut south => match first {
            Err(Error::Refused { .. }) => north.await,
            first => first,
        },
    }
}
