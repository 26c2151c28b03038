//! Downloads an album and makes thumbnails as `04-async` does, but on the threads of its tasks: while
//! a thumbnail is being made, no other task on its thread makes progress. It ends at the first error.

use shared::http::{network, response};
use shared::{Folder, Image, Options, Setup};
use std::fs;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub type Error = Box<dyn std::error::Error + Send + Sync>;

pub async fn download_album() -> Result<(), Error> {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(100));
    let options = Options { thumbnails: true, ..setup.options };
    network::install_crypto();
    let url = setup.source.album_url(&options.album);
    let http =
        reqwest::Client::builder().user_agent(options.user_agent(&url)).no_proxy().build()?;
    let request = http.get(url).header("authorization", &setup.source.authorization);
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await?.to_vec();
    let album = response::album(status, &headers, Ok(body), options.limit)?;

    let folder = Folder::open(&options)?;
    let permits = Arc::new(Semaphore::new(options.workers));
    let mut tasks = JoinSet::new();
    for image in album.images {
        let permit = Arc::clone(&permits).acquire_owned().await?;
        let (http, folder, path) = (http.clone(), folder.clone(), options.out.join(&image.name));
        let _handle = tasks.spawn(async move {
            let bytes = download(&http, &image).await?;
            fs::write(path, bytes)?;
            drop(permit);
            // `04-async` sends this to a thread of the blocking pool.
            Ok::<_, Error>(folder.thumbnail(&image)?)
        });
    }
    while let Some(result) = tasks.join_next().await {
        if let Some(error) = result?? {
            return Err(error.into());
        }
    }
    Ok(())
}

async fn download(http: &reqwest::Client, image: &Image) -> Result<Vec<u8>, Error> {
    let response = http.get(image.url()?).send().await?.error_for_status()?;
    Ok(response.bytes().await?.to_vec())
}
