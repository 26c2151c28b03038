//! Limits each piece, not the image.
//! The check says: "start over with each piece"

use exercises::{in_time, nonblocking};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
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
    for link in nonblocking::album().await? {
        tasks.spawn(async move {
            let outcome = fetch(&link).await;
            outcome.inspect_err(|error| eprintln!("failed {link}: {error}")).is_ok()
        });
    }
    let failed = tasks.join_all().await.iter().filter(|saved| !**saved).count();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} images failed").into()) }
}

/// Writes an image piece by piece: it may be larger than the memory.
async fn fetch(link: &str) -> Outcome {
    let mut image = in_time::open(link).await?;
    let mut part = Part::create(in_time::path(link))?;
    while let Some(piece) = timeout(in_time::limit(), image.next()).await?? {
        part.file.write_all(&piece)?;
    }
    part.is_complete = true;
    println!("saved {}", part.path.display());
    Ok(())
}

/// A file that is being written.
struct Part {
    path: PathBuf,
    file: File,
    is_complete: bool,
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_complete {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Part {
    fn create(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all("downloads")?;
        Ok(Self { file: File::create(&path)?, path, is_complete: false })
    }
}
