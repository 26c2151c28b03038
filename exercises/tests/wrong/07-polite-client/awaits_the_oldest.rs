//! Spawns the next task when the oldest one is done.
//! The check says: "no other one came"

use exercises::{Error, nonblocking, save};
use std::collections::VecDeque;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let links = nonblocking::album().await?;
    let mut tasks = VecDeque::new();
    for link in links {
        if tasks.len() == 8 {
            let oldest: tokio::task::JoinHandle<Result<(), Error>> = tasks.pop_front().unwrap();
            oldest.await.unwrap()?;
        }
        tasks.push_back(tokio::spawn(fetch(link)));
    }
    for task in tasks {
        task.await.unwrap()?;
    }
    Ok(())
}

async fn fetch(link: String) -> Result<(), Error> {
    save(&link, &nonblocking::download(&link).await?)
}
