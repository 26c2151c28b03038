//! Spawns both downloads, and forgets the loser.
//! The check says: "is sent for nothing"

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};
use tokio::sync::mpsc;

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
    let (sender, mut receiver) = mpsc::channel(2);
    for mirror in [north, south] {
        let sender = sender.clone();
        tokio::spawn(async move {
            let _ = sender.send(nonblocking::download(&mirror).await).await;
        });
    }
    drop(sender);
    let mut last = Err(Error::Broken("no mirror".into()));
    while let Some(image) = receiver.recv().await {
        last = image;
        if last.is_ok() {
            break;
        }
    }
    last
}
