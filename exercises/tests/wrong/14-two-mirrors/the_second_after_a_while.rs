//! Asks the second mirror if the first one has not responded after a third of a second.
//! The check says: "only after a while"

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

const TIMEOUT: Duration = Duration::from_millis(330);

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
    let mut first = pin!(nonblocking::download(&north));
    match timeout(TIMEOUT, &mut first).await {
        Ok(Ok(image)) => return Ok(image),
        Ok(Err(_)) => return nonblocking::download(&south).await,
        Err(_) => {}
    }
    tokio::select! {
        Ok(image) = first => Ok(image),
        Ok(image) = nonblocking::download(&south) => Ok(image),
        else => Err(Error::Broken(format!("both mirrors fail: {link}"))),
    }
}
