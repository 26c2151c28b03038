//! For threads: the thread that asks waits for the answer.

use crate::{Fault, place};
use std::process;
use std::sync::LazyLock;
use ureq::Agent;

/// Keeps connections open, and may be used by many threads at once.
pub(crate) static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    shared::http::network::install_crypto();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // So the server sees which process asks.
        .user_agent(format!("exercises/{}", process::id()))
        .timeout_recv_body(Some(place::PATIENCE))
        .max_idle_connections(100)
        .max_idle_connections_per_host(100)
        .proxy(None);
    config.build().into()
});

/// The links of the album's images.
pub fn album() -> Result<Vec<String>, Fault> {
    let (url, authorization) = place::list()?;
    list(&url, &authorization)
}

/// One image. Every call is one request: nothing is tried again.
pub fn download(link: &str) -> Result<Vec<u8>, Fault> {
    get(link, None)
}

pub(crate) fn list(url: &str, authorization: &str) -> Result<Vec<String>, Fault> {
    place::links(&get(url, Some(authorization))?)
}

fn get(url: &str, authorization: Option<&str>) -> Result<Vec<u8>, Fault> {
    let mut request = AGENT.get(url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let mut answer = request.call().map_err(|error| Fault::broken(&error))?;
    place::accept(answer.status(), answer.headers())?;
    answer.body_mut().read_to_vec().map_err(|error| Fault::broken(&error))
}
