//! Async with one thing done wrong on purpose: a candidate of `05-compare`. It makes thumbnails on the
//! only thread of its tasks.

#![warn(unused_results)]

mod tasks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), tasks::Error> {
    tasks::download_album().await
}
