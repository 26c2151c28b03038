//! Spawns a task for each image, and waits for it before the next one.
//! The check says: "do the tasks share a lock"

use exercises::{Error, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        tokio::spawn(fetch(link)).await.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
