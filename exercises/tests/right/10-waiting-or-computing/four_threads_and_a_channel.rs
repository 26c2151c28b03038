//! Four threads of std that take images from a channel.

use exercises::{Error, computing, nonblocking, save};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

type Job = (String, Vec<u8>);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let (sender, jobs) = mpsc::channel::<Job>();
    let jobs = Arc::new(Mutex::new(jobs));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let jobs = Arc::clone(&jobs);
            thread::spawn(move || work(&jobs))
        })
        .collect();

    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let (downloads, sender) = (Arc::clone(&downloads), sender.clone());
        tasks.spawn(async move {
            let _permit = downloads.acquire().await.unwrap();
            let image = nonblocking::download(&link).await?;
            sender.send((link, image)).unwrap();
            Ok(())
        });
    }
    drop(sender);
    while let Some(task) = tasks.join_next().await {
        task.unwrap()?;
    }
    threads.into_iter().try_for_each(|thread| thread.join().unwrap())
}

fn work(jobs: &Mutex<mpsc::Receiver<Job>>) -> Result<(), Error> {
    loop {
        let next = jobs.lock().unwrap().recv();
        let Ok((link, image)) = next else { return Ok(()) };
        save(&link, &computing::thumbnail(&image)?)?;
    }
}
