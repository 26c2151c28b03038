//! Every third permit never returns.
//! The check says: "permit"

use exercises::{Error, nonblocking, save};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    let permits = Arc::new(Semaphore::new(8));
    let mut tasks = JoinSet::new();
    for (index, link) in nonblocking::album().await?.into_iter().enumerate() {
        let permits = Arc::clone(&permits);
        tasks.spawn(async move {
            let permit = permits.acquire().await.unwrap();
            save(&link, &nonblocking::download(&link).await?)?;
            if index % 3 == 0 {
                permit.forget();
            }
            Ok(())
        });
    }
    tasks.join_all().await.into_iter().collect()
}
