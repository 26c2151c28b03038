//! One image, its thumbnail, the next image.
//! The check says: "one request in flight"

use exercises::{Error, computing, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        let image = nonblocking::download(&link).await?;
        let small = tokio::task::spawn_blocking(move || computing::thumbnail(&image));
        save(&link, &small.await.unwrap()?)?;
    }
    Ok(())
}
