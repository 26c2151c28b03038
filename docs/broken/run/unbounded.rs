//! Wrong on purpose: a task for each image at once, whatever `--workers` says.

#![warn(unused_results)]

use shared::{Client, Fault, Setup};
use std::path::Path;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(5));
    shared::network::encryption();
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
        result??;
    }
    if let Some(server) = &setup.source.practice {
        let seen = server.observed();
        println!("workers {}, in flight at once {}", setup.workers, seen.peak_in_flight);
    }
    Ok(())
}

async fn download(http: &reqwest::Client, url: &str, target: &Path) -> Result<(), Fault> {
    let get = async { http.get(url).send().await?.error_for_status()?.bytes().await };
    let bytes = get.await.map_err(|error| Fault::lasting(error.to_string()))?;
    std::fs::write(target, bytes).map_err(|error| Fault::lasting(error.to_string()))
}
