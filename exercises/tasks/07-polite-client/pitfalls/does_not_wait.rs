//! Spawns the tasks and returns: the runtime ends, and its tasks with it.
//! The check says: "without requesting a single image"

use exercises::{Fault, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Fault> {
    for link in nonblocking::album().await? {
        tokio::spawn(fetch(link));
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Fault> {
    save(&link, &nonblocking::download(&link).await?)
}
