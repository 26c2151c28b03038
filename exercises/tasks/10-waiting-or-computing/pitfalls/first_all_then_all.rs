//! Downloads everything first and then computes everything.
//! The check says: "no thread began to compute"

use exercises::{Error, computing, nonblocking, save};
use rayon::{ThreadPoolBuilder, prelude::*};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub fn main() -> Result<(), Error> {
    let images = images()?;
    let pool = ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    pool.install(|| {
        images.par_iter().try_for_each(|(link, image)| save(link, &computing::thumbnail(image)?))
    })
}

#[tokio::main(flavor = "current_thread")]
async fn images() -> Result<Vec<(String, Vec<u8>)>, Error> {
    let downloads = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        let downloads = Arc::clone(&downloads);
        tasks.spawn(async move {
            let _permit = downloads.acquire().await.unwrap();
            let image = nonblocking::download(&link).await?;
            Ok((link, image))
        });
    }
    tasks.join_all().await.into_iter().collect()
}
