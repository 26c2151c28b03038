//! Spawns a task for each image, and waits for it before the next one.
//! The check says: "do the tasks share a lock"

use exercises::{Fault, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Fault> {
    for link in nonblocking::album().await? {
        tokio::spawn(fetch(link)).await.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Fault> {
    save(&link, &nonblocking::download(&link).await?)
}
