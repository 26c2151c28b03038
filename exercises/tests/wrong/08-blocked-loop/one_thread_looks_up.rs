//! One thread makes all look-ups.
//! The check says: "take turns on 1 threads of their own"

use exercises::{Error, catalogue, nonblocking, save};
use std::{sync::mpsc, thread};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

type Job = (String, oneshot::Sender<Result<usize, Error>>);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let (jobs, queue) = mpsc::channel::<Job>();
    thread::spawn(move || {
        for (link, sender) in queue {
            let _ = sender.send(catalogue::size(&link));
        }
    });
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let jobs = jobs.clone();
        tasks.spawn(async move {
            let (sender, size) = oneshot::channel();
            jobs.send((link.clone(), sender)).unwrap();
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
