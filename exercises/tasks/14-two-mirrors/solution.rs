//! Task 14, the first of two mirrors: the first image wins, and the other request is cancelled.

use exercises::mirrors::mirrors;
use exercises::{Error, nonblocking, save};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Error> {
    for link in nonblocking::album().await? {
        let image = fastest(&link).await?;
        save(&link, &image)?;
    }
    Ok(())
}

async fn fastest(link: &str) -> Result<Vec<u8>, Error> {
    let [north, south] = mirrors(link);
    // The branches of `select!` borrow these, so the one that has not ended can be awaited further.
    let mut north = Box::pin(nonblocking::download(&north));
    let mut south = Box::pin(nonblocking::download(&south));

    // The first response may be an error. A branch that doesn't match its pattern is switched off,
    // and `select!` goes on with the other one, but then the error is lost: so each branch looks
    // at its own result, and awaits the other one if it is an error.
    tokio::select! {
        first = &mut north => match first {
            Ok(image) => Ok(image),
            Err(_) => south.await,
        },
        first = &mut south => match first {
            Ok(image) => Ok(image),
            Err(_) => north.await,
        },
    }
    // Both futures are dropped here. The one that has not ended closes its connection, so the
    // server need not send its image.
}
