//! Lets the others go first, once, and then blocks them all the same.
//! The check says: "without an `.await`"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::{JoinSet, yield_now};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

/// Asks for the size and for the image, both at once, and saves the image if they fit.
async fn fetch(link: String) -> Result<(), Error> {
    let size = async {
        yield_now().await;
        catalogue::size(&link)
    };
    let image = nonblocking::download(&link);
    let (size, image) = tokio::try_join!(size, image)?;
    if image.len() != size {
        return Err(Error::Broken(format!("{} of {size} bytes of {link}", image.len())));
    }
    save(&link, &image)
}
