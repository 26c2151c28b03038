//! For tasks: while a task awaits its response, its thread runs other tasks.

use super::album;
use super::error::Error;
use reqwest::{Client, Response};
use std::sync::{LazyLock, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// The HTTP client. It keeps connections open, and tasks may share it.
static CLIENT: LazyLock<Result<Client, reqwest::Error>> = LazyLock::new(|| {
    album::set_up_tls();
    Client::builder().no_proxy().build()
});

/// The tokio runtime of the latest request. A support module can spawn a tokio task on it to find
/// out whether the submission's tasks still run.
pub(crate) static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

/// The links of the album's images.
///
/// Fails if no response arrives, its status isn't 200, or its body is cut short or too slow.
pub async fn album() -> Result<Vec<String>, Error> {
    let (url, authorization) = album::list()?;
    album::links(&get(&url, Some(&authorization)).await?)
}

/// The bytes of one image. Each call sends one request, and does not retry.
///
/// Fails if no response arrives, its status isn't 200, or its body is cut short or too slow.
pub async fn download(link: &str) -> Result<Vec<u8>, Error> {
    get(link, None).await
}

async fn get(url: &str, authorization: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut response = request(url, authorization).await?;
    let mut body = Vec::new();
    loop {
        let chunk = timeout(album::body_timeout(), response.chunk()).await;
        let chunk = chunk.map_err(|error| Error::broken(&error))?;
        match chunk.map_err(|error| Error::broken(&error))? {
            Some(chunk) => body.extend_from_slice(&chunk),
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
