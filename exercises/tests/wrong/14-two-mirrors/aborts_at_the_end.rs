//! Aborts the losers when all images are there.
//! The check says: "is sent for nothing"

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};
use std::sync::Mutex;
use tokio::task::JoinSet;

type Tasks = JoinSet<Result<Vec<u8>, Error>>;

static LOSERS: Mutex<Vec<Tasks>> = Mutex::new(Vec::new());

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        let image = fastest(&link).await?;
        save(&link, &image)?;
    }
    LOSERS.lock().unwrap().clear();
    Ok(())
}

async fn fastest(link: &str) -> Result<Vec<u8>, Error> {
    let [north, south] = mirrors(link);
    let mut tasks = JoinSet::new();
    for mirror in [north, south] {
        tasks.spawn(async move { nonblocking::download(&mirror).await });
    }
    let mut last = Err(Error::Broken("no mirror".into()));
    while let Some(image) = tasks.join_next().await {
        last = image.unwrap();
        if last.is_ok() {
            break;
        }
    }
    LOSERS.lock().unwrap().push(tasks);
    last
}
