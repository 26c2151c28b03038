//! The same tasks as in `blocked`, on several threads: a candidate of `05-compare`.

#![warn(unused_results)]

mod tasks;

// As many threads as cores. A task moves between them.
#[tokio::main]
async fn main() -> Result<(), tasks::Error> {
    // On the runtime's threads, like all other tasks.
    tokio::spawn(tasks::download_album()).await?
}
