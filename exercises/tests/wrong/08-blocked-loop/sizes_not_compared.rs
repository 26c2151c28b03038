//! Asks for the size, and saves the image whatever it is.
//! The check says: "a wrong size for"

use exercises::{Error, catalogue, nonblocking, save};
use tokio::task::{JoinSet, spawn_blocking};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(async move {
            let copy = link.clone();
            let size = spawn_blocking(move || catalogue::size(&copy));
            let (image, size) = tokio::join!(nonblocking::download(&link), size);
            let _ = size.unwrap()?;
            save(&link, &image?)
        });
    }
    tasks.join_all().await.into_iter().collect()
}
