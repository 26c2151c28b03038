//! Writes an image when all of it has come, so it needs the memory for the whole album.
//! The check says: "larger than the memory"

use exercises::{in_time, nonblocking};
use std::error::Error;
use std::fs;
use std::process::ExitCode;
use tokio::task::JoinSet;
use tokio::time::timeout;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    let outcome = tokio::select! {
        outcome = download_album() => outcome,
        () = in_time::stopped() => Err("stopped".into()),
    };
    outcome.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

async fn download_album() -> Outcome {
    let mut tasks = JoinSet::new();
    for link in nonblocking::album().await? {
        tasks.spawn(async move {
            let outcome = timeout(in_time::limit(), fetch(&link)).await;
            let outcome = outcome.unwrap_or_else(|elapsed| Err(elapsed.into()));
            outcome.inspect_err(|error| eprintln!("failed {link}: {error}")).is_ok()
        });
    }
    let failed = tasks.join_all().await.iter().filter(|saved| !**saved).count();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} images failed").into()) }
}

async fn fetch(link: &str) -> Outcome {
    let mut image = in_time::open(link).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = image.next().await? {
        bytes.extend(piece);
    }
    fs::create_dir_all("downloads")?;
    Ok(fs::write(in_time::path(link), bytes)?)
}
