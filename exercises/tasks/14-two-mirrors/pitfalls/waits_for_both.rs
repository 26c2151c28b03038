//! Asks both mirrors, and waits for both.
//! The check says: "waited for the other one"

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
    let both = tokio::join!(nonblocking::download(&north), nonblocking::download(&south));
    both.0.or(both.1)
}
