//! For threads: each call blocks its thread until the response is complete.

use super::album;
use super::error::Error;
use crate::explore;
use std::process;
use std::sync::LazyLock;
use ureq::Agent;

/// The HTTP client. It keeps connections open, and threads may share it.
pub(crate) static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    album::set_up_tls();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // Tells the server which process sends the request.
        .user_agent(format!("exercises/{}", process::id()))
        .timeout_recv_body(Some(album::body_timeout()))
        .max_idle_connections(100)
        .max_idle_connections_per_host(100)
        .proxy(None);
    config.build().into()
});

/// The links of the album's images.
///
/// Fails if no response arrives, its status isn't 200, or its body is cut short or too slow.
pub fn album() -> Result<Vec<String>, Error> {
    let (url, authorization) = album::list()?;
    list(&url, &authorization)
}

/// The bytes of one image. Each call sends one request, and does not retry.
///
/// Fails if no response arrives, its status isn't 200, or its body is cut short or too slow.
#[track_caller]
pub fn download(link: &str) -> Result<Vec<u8>, Error> {
    match explore::current() {
        None => get(link, None),
        Some(worker) => explore::download(&worker, link),
    }
}

/// The links in the list at this address.
pub(crate) fn list(url: &str, authorization: &str) -> Result<Vec<String>, Error> {
    album::links(&get(url, Some(authorization))?)
}

fn get(url: &str, authorization: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut request = AGENT.get(url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let mut response = request.call().map_err(|error| Error::broken(&error))?;
    album::accept(response.status(), response.headers())?;
    response.body_mut().read_to_vec().map_err(|error| Error::broken(&error))
}
