//! Skips an image that both mirrors refuse.
//! The check says: "exit code 0"

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
    let image = tokio::select! {
        Ok(image) = &mut north => image,
        Ok(image) = &mut south => image,
        else => Vec::new(),
    };
    Ok(image)
}
