//! Blocks nobody, but there is nobody: each image is awaited before the next one is begun.
//! The check says: "one image at a time"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::spawn_blocking;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        fetch(link).await?;
    }
    Ok(())
}

/// Asks for the size and for the image, both at once, and saves the image if they fit.
async fn fetch(link: String) -> Result<(), Error> {
    let copy = link.clone();
    let size = spawn_blocking(move || catalogue::size(&copy));
    let size = async { size.await.expect("it does not panic") };
    let image = nonblocking::download(&link);
    let (size, image) = tokio::try_join!(size, image)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
