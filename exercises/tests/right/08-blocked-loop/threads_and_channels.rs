//! A thread for each look-up, whose result comes through a channel that is awaited.

use exercises::{Error, catalogue, nonblocking, save};
use std::thread;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(async move {
            let (sender, size) = oneshot::channel();
            let copy = link.clone();
            thread::spawn(move || drop(sender.send(catalogue::size(&copy))));
            let size = async { size.await.unwrap() };
            let (size, image) = tokio::try_join!(size, nonblocking::download(&link))?;
            if image.len() != size {
                return Err(Error::Broken(link));
            }
            save(&link, &image)
        });
    }
    tasks.join_all().await.into_iter().collect()
}
