//! Wrong on purpose: starts a task for every image immediately, whatever `--workers` says.

#![warn(unused_results)]

use shared::{Client, Setup};
use std::error::Error;
use std::path::Path;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(5));
    shared::http::network::install_crypto();
    let http = reqwest::Client::builder().no_proxy().build()?;
    // One request for the list; the images are fetched without blocking.
    let images = Client::new(&setup.options)?.album(&setup.source)?.images;

    let mut tasks = JoinSet::new();
    for image in images {
        let (http, target) = (http.clone(), setup.options.out.join(&image.name));
        let url = image.url()?;
        let _handle = tasks.spawn(async move { download(&http, url.as_str(), &target).await });
    }
    while let Some(result) = tasks.join_next().await {
        result?.map_err(|error| error as Box<dyn Error>)?;
    }
    if let Some(server) = &setup.source.practice {
        let seen = server.observed();
        println!("workers {}, peak in flight {}", setup.options.workers, seen.peak_in_flight);
    }
    Ok(())
}

async fn download(
    http: &reqwest::Client,
    url: &str,
    target: &Path,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let bytes = http.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(std::fs::write(target, bytes)?)
}
