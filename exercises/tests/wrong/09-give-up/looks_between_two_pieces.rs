//! Looks between two pieces whether it must stop, and waits for the next one meanwhile.
//! The check says: "and for `in_time::stopped()` at once"

use exercises::{in_time, nonblocking};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

static STOP: AtomicBool = AtomicBool::new(false);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    tokio::spawn(async {
        in_time::stopped().await;
        STOP.store(true, Ordering::SeqCst);
    });
    match download_album().await {
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
            let outcome = match timeout(in_time::limit(), fetch(&link)).await {
                Ok(outcome) => outcome,
                Err(_) => Err("it took too long".into()),
            };
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
    while let Some(piece) = image.next().await? {
        if STOP.load(Ordering::SeqCst) {
            return Err("stopped".into());
        }
        part.file.write_all(&piece)?;
    }
    part.is_complete = true;
    println!("saved {}", part.path.display());
    Ok(())
}

/// A file that is being written. It's removed if it isn't complete.
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
