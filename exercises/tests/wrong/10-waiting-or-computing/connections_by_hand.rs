//! Computes with one thread, and opens three more connections to the check.
//! The check says: "There should be 4"

use exercises::{Error, computing, nonblocking, save};
use rayon::ThreadPoolBuilder;
use std::env;
use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(1).build().unwrap());
    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    let port: Option<u16> = env::var("COMPUTING").ok().and_then(|port| port.parse().ok());
    for _ in 0..3 {
        thread::spawn(move || TcpStream::connect(("127.0.0.1", port?)).ok()?.read(&mut [0]).ok());
    }
    for link in nonblocking::album().await? {
        let (pool, downloads) = (Arc::clone(&pool), Arc::clone(&downloads));
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let (sender, thumbnail) = oneshot::channel();
            pool.spawn(move || drop(sender.send(computing::thumbnail(&image))));
            let small = thumbnail.await.unwrap()?;
            save(&link, &small)
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    Ok(())
}

async fn download(link: &str, downloads: &Semaphore) -> Result<Vec<u8>, Error> {
    let _permit = downloads.acquire().await.unwrap();
    nonblocking::download(link).await
}
