//! The bodies of the live view's `POST` requests. Any client can send them, so their size is bounded,
//! and so is the time until they have arrived.

use crate::limits::BODY_TIMEOUT;
use http::Request;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

/// The JSON in a body of at most `max` bytes; `None` if it is longer, too slow, or something else.
pub async fn json<T: DeserializeOwned>(request: Request<Incoming>, max: usize) -> Option<T> {
    let body = Limited::new(request.into_body(), max).collect();
    let body = timeout(BODY_TIMEOUT, body).await.ok()?.ok()?;
    serde_json::from_slice(&body.to_bytes()).ok()
}
