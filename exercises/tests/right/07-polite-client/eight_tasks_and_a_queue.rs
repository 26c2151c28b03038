//! Eight tasks that share a queue.

use exercises::{Error, nonblocking, save};
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let queue = Arc::new(Mutex::new(nonblocking::album().await?));
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let queue = Arc::clone(&queue);
        tasks.spawn(async move {
            loop {
                let next = queue.lock().unwrap().pop();
                let Some(link) = next else { return Ok(()) };
                save(&link, &nonblocking::download(&link).await?)?;
            }
        });
    }
    tasks.join_all().await.into_iter().collect()
}
