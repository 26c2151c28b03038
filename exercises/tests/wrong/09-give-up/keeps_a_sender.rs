//! Keeps a sender itself, so the channel never ends.
//! The check says: "named what failed, but didn't end"

use exercises::{in_time, nonblocking};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    let outcome = tokio::select! {
        outcome = download_album() => outcome,
        () = in_time::stopped() => Err("stopped".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn download_album() -> Outcome {
    let mut tasks = JoinSet::new();
    let (sender, mut outcomes) = mpsc::unbounded_channel();
    for link in nonblocking::album().await? {
        let sender = sender.clone();
        tasks.spawn(async move {
            let outcome = timeout(in_time::limit(), fetch(&link)).await;
            let outcome = outcome.unwrap_or_else(|elapsed| Err(elapsed.into()));
            sender.send(outcome.inspect_err(|error| eprintln!("failed {link}: {error}")).is_ok())
        });
    }
    let mut failed = 0;
    while let Some(is_saved) = outcomes.recv().await {
        failed += usize::from(!is_saved);
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} images failed").into()) }
}

/// Writes an image piece by piece: it may be larger than the memory.
async fn fetch(link: &str) -> Outcome {
    let mut image = in_time::open(link).await?;
    let mut part = Part::create(in_time::path(link))?;
    while let Some(piece) = image.next().await? {
        part.file.write_all(&piece)?;
    }
    part.is_complete = true;
    println!("saved {}", part.path.display());
    Ok(())
}

/// A file that is being written. Dropping this value removes the file, unless it is complete.
struct Part {
    path: PathBuf,
    file: File,
    is_complete: bool,
}

impl Part {
    fn create(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all("downloads")?;
        Ok(Self { file: File::create(&path)?, path, is_complete: false })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_complete {
            let _ = fs::remove_file(&self.path);
        }
    }
}
