//! For tasks: while one waits for its answer, its thread goes on with another.

use crate::{Fault, place};
use reqwest::{Client, Response};
use std::sync::{LazyLock, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// Keeps connections open, and may be used by many tasks at once.
static CLIENT: LazyLock<Result<Client, reqwest::Error>> = LazyLock::new(|| {
    shared::http::network::install_crypto();
    Client::builder().no_proxy().build()
});

/// The runtime of the task that asked last, so that one can see whether its tasks get their turn.
pub(crate) static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

/// The links of the album's images.
pub async fn album() -> Result<Vec<String>, Fault> {
    let (url, authorization) = place::list()?;
    place::links(&get(&url, Some(&authorization)).await?)
}

/// One image. Every call is one request: nothing is tried again.
pub async fn download(link: &str) -> Result<Vec<u8>, Fault> {
    get(link, None).await
}

async fn get(url: &str, authorization: Option<&str>) -> Result<Vec<u8>, Fault> {
    let answer = ask(url, authorization).await?;
    let body =
        timeout(place::PATIENCE, answer.bytes()).await.map_err(|error| Fault::broken(&error))?;
    Ok(body.map_err(|error| Fault::broken(&error))?.to_vec())
}

/// Waits for the head of the answer.
pub(crate) async fn ask(url: &str, authorization: Option<&str>) -> Result<Response, Fault> {
    *RUNTIME.lock().unwrap_or_else(PoisonError::into_inner) = Some(Handle::current());
    let client = CLIENT.as_ref().map_err(Fault::broken)?;
    let mut request = client.get(url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let answer = request.send().await.map_err(|error| Fault::broken(&error))?;
    place::accept(answer.status(), answer.headers())?;
    Ok(answer)
}
