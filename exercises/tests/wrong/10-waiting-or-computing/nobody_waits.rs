//! Hands the images to the pool, and ends.
//! The check says: "didn't wait for the results"

use exercises::{Error, blocking, computing, nonblocking, save};
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use std::env;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Downloads in progress at the same time, if they are tasks.
const DOWNLOADS: usize = 16;
/// Threads of a pool. (One per core would be right; four behave the same on every machine.)
const THREADS: usize = 4;

pub fn main() -> Result<(), Error> {
    let started = Instant::now();
    match env::args().nth(1).as_deref() {
        Some("async") => async_alone()?,
        Some("rayon") => rayon_alone()?,
        Some("both") | None => both()?,
        Some(other) => {
            return Err(Error::Broken(format!("unknown way {other}: choose async, rayon or both")));
        }
    }
    println!("{}", computing::measured(started));
    Ok(())
}

/// Waits and computes in tasks. All of them share one thread.
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

/// Waits and computes on the threads of a pool.
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
        let (downloads, pool) = (Arc::clone(&downloads), Arc::clone(&pool));
        tasks.spawn(async move {
            let image = download(&link, &downloads).await?;
            pool.spawn(move || {
                let saved = computing::thumbnail(&image).and_then(|small| save(&link, &small));
                if let Err(error) = saved {
                    eprintln!("{link}: {error}");
                }
            });
            Ok(())
        });
    }
    all(tasks).await
}

/// Downloads one image as soon as a permit is free, and returns the permit.
async fn download(link: &str, downloads: &Semaphore) -> Result<Vec<u8>, Error> {
    let _permit = downloads.acquire().await.expect("the semaphore is never closed");
    nonblocking::download(link).await
}

/// Waits until all tasks have ended.
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
