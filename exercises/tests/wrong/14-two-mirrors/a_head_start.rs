//! Asks the second mirror a tenth of a second after the first one.
//! The check says: "only after a while"

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};
use std::time::Duration;
use tokio::time::sleep;

/// Most images come within this time, and then one request is enough.
const HEAD_START: Duration = Duration::from_millis(100);

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
    let mut south = Box::pin(async {
        sleep(HEAD_START).await;
        nonblocking::download(&south).await
    });
    tokio::select! {
        first = &mut north => match first {
            Ok(image) => Ok(image),
            Err(_) => south.await,
        },
        first = &mut south => match first {
            Ok(image) => Ok(image),
            Err(_) => north.await,
        },
    }
}
