//! Task 10, waiting or computing: tasks wait, and the threads of a pool compute.

use exercises::{Error, blocking, computing, nonblocking, save};
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use std::env;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

/// How many downloads are in progress at once, if they are tasks.
const DOWNLOADS: usize = 16;
/// How many threads a pool has. (One for each core would be right. Four are the same for everybody.)
const THREADS: usize = 4;

pub fn main() -> Result<(), Error> {
    let started = Instant::now();
    match env::args().nth(1).as_deref() {
        Some("async") => async_alone()?,
        Some("rayon") => rayon_alone()?,
        Some("both") | None => both()?,
        Some(other) => return Err(Error::Broken(format!("async, rayon or both? {other} is none"))),
    }
    println!("{}", computing::measured(started));
    Ok(())
}

/// Waits in tasks, and computes in them, too. All of them share one thread.
#[tokio::main(flavor = "current_thread")]
async fn async_alone() -> Result<(), Error> {
    let downloads = Arc::new(Semaphore::new(DOWNLOADS));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let downloads = Arc::clone(&downloads);
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let small = computing::thumbnail(&image)?;
            save(&link, &small)
        });
    }
    all(tasks).await
}

/// Waits on the threads of a pool, and computes on them, too.
fn rayon_alone() -> Result<(), Error> {
    let links = blocking::album()?;
    let one = |link: &String| {
        let image = blocking::download(link)?;
        let small = computing::thumbnail(&image)?;
        save(link, &small)
    };
    pool().install(|| links.par_iter().try_for_each(one))
}

/// Waits in tasks, and computes on the threads of a pool.
#[tokio::main(flavor = "current_thread")]
async fn both() -> Result<(), Error> {
    let pool = Arc::new(pool());
    let downloads = Arc::new(Semaphore::new(DOWNLOADS));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let (pool, downloads) = (Arc::clone(&pool), Arc::clone(&downloads));
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            let (answer, thumbnail) = oneshot::channel();
            // Only a task that is gone does not want its answer any more.
            pool.spawn(move || drop(answer.send(computing::thumbnail(&image))));
            let small = thumbnail.await.expect("the pool answers")?;
            save(&link, &small)
        });
    }
    all(tasks).await
}

/// One image, when it is this download's turn.
async fn download(link: &str, downloads: &Semaphore) -> Result<Vec<u8>, Error> {
    let _turn = downloads.acquire().await.expect("nobody closes it");
    nonblocking::download(link).await
}

/// Waits for all tasks.
async fn all(mut tasks: JoinSet<Result<(), Error>>) -> Result<(), Error> {
    while let Some(task) = tasks.join_next().await {
        task.expect("no task panics")?;
    }
    Ok(())
}

/// A pool for work that keeps its threads busy.
fn pool() -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(THREADS).build().expect("four threads can be started")
}
