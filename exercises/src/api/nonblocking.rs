//! For tasks: while a task awaits its response, its thread runs other tasks.

use super::album::{self, BODY_TIMEOUT};
use super::error::Error;
use reqwest::{Client, Response};
use std::sync::{LazyLock, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// Keeps connections open; tasks may share it.
static CLIENT: LazyLock<Result<Client, reqwest::Error>> = LazyLock::new(|| {
    album::set_up_tls();
    Client::builder().no_proxy().build()
});

/// The runtime of the latest request's task. The support of a task can spawn on it, to find out
/// whether its tasks still run.
pub(crate) static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

/// The links of the album's images.
pub async fn album() -> Result<Vec<String>, Error> {
    let (url, authorization) = album::list()?;
    album::links(&get(&url, Some(&authorization)).await?)
}

/// The bytes of one image. Each call sends one request, and does not retry.
pub async fn download(link: &str) -> Result<Vec<u8>, Error> {
    get(link, None).await
}

async fn get(url: &str, authorization: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut response = request(url, authorization).await?;
    let mut body = Vec::new();
    loop {
        let piece = timeout(BODY_TIMEOUT, response.chunk()).await;
        let piece = piece.map_err(|error| Error::broken(&error))?;
        match piece.map_err(|error| Error::broken(&error))? {
            Some(piece) => body.extend_from_slice(&piece),
            None => return Ok(body),
        }
    }
}

/// Sends a request, and waits for the headers of its response.
pub(crate) async fn request(url: &str, authorization: Option<&str>) -> Result<Response, Error> {
    *RUNTIME.lock().unwrap_or_else(PoisonError::into_inner) = Some(Handle::current());
    let client = CLIENT.as_ref().map_err(Error::broken)?;
    let mut request = client.get(url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let response = request.send().await.map_err(|error| Error::broken(&error))?;
    album::accept(response.status(), response.headers())?;
    Ok(response)
}
