//! Does what the server says, waits and comes back: it gets everything, and is a burden.
//! The check says: "asked again"

use exercises::{Error, nonblocking, save};
use tokio::task::JoinSet;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;

    let mut tasks = JoinSet::new();
    for link in links {
        tasks.spawn(fetch(link));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no task panics")?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    loop {
        match nonblocking::download(&link).await {
            Err(Error::Refused { status: 429, retry_after: Some(pause) }) => sleep(pause).await,
            result => return save(&link, &result?),
        }
    }
}
