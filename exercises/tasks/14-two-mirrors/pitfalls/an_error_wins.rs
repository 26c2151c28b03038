//! Takes the first response, also if it is an error.
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
    tokio::select! {
        image = nonblocking::download(&north) => image,
        image = nonblocking::download(&south) => image,
    }
}
