//! Spawns the tasks and returns: the runtime ends, and its tasks with it.
//! The check says: "without requesting a single image"

use exercises::{Error, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        tokio::spawn(fetch(link));
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
