//! Waits for the southern mirror if the northern one fails, but not the other way round.
//! The check says: "an error must not win"

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
    let mut south = Box::pin(nonblocking::download(&south));
    tokio::select! {
        first = nonblocking::download(&north) => match first {
            Ok(image) => Ok(image),
            Err(_) => south.await,
        },
        first = &mut south => first,
    }
}
