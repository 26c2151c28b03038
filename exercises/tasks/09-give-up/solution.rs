//! Task 9, give up in time: an unfinished file is removed when its download is dropped.

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
        // `select!` drops the future that isn't done, and with it the `JoinSet`, which aborts its
        // tasks. `process::exit` here would end the process without dropping anything.
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
            // After the time limit, `timeout` drops the future of `fetch` at the `.await` where it
            // waits, with everything it owns. With the handle of a spawned task, this wouldn't
            // work: dropping a handle doesn't end its task.
            let outcome = timeout(in_time::limit(), fetch(&link)).await;
            let outcome = outcome.unwrap_or_else(|elapsed| Err(elapsed.into()));
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
    // This runs after a timeout, after an error and when the program is stopped. Code after the
    // last `.await` of `fetch` runs in none of these cases.
    fn drop(&mut self) {
        if !self.is_complete {
            // `drop` can't report an error.
            let _ = fs::remove_file(&self.path);
        }
    }
}
