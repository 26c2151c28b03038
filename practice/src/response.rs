//! Parts of responses that several handlers share, and the bodies of images.

use crate::album::trouble::Behaviour;
use crate::network::Connection;
use crate::observe::InFlight;
use crate::state::State;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// Max bytes of a chunk of a slow response.
const SLOW_CHUNK: usize = 1_400;
/// Time between two chunks of a slow response.
const SLOW_INTERVAL: Duration = Duration::from_millis(100);
/// Time for hyper to write the last chunk before the body fails.
const FLUSH_TIME: Duration = Duration::from_millis(100);
/// How long a silent connection stays open after half of a body. Longer than the clients' default
/// timeouts.
const SILENT_FOR: Duration = Duration::from_mins(10);

/// The body of a response.
pub type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body of these bytes.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A response with a short text.
pub fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(full(text));
    *response.status_mut() = status;
    response
}

/// An empty response; a 429 has `Retry-After: 1`.
pub fn empty(status: StatusCode) -> Response<Body> {
    let response = text(status, "");
    match status {
        StatusCode::TOO_MANY_REQUESTS => with(response, header::RETRY_AFTER, 1.into()),
        _ => response,
    }
}

/// A response with status 405. `methods` lists those that the path allows, separated by commas.
pub fn method_not_allowed(methods: &'static str) -> Response<Body> {
    let response = text(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method");
    with(response, header::ALLOW, HeaderValue::from_static(methods))
}

fn with(mut response: Response<Body>, name: HeaderName, value: HeaderValue) -> Response<Body> {
    drop(response.headers_mut().insert(name, value));
    response
}

/// How the bytes of an image are sent, and what follows them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// As fast as the link allows.
    Plain,
    /// With a delay after each chunk.
    Slow,
    /// Like `Plain`, then the connection is closed.
    Broken,
    /// Like `Plain`, then nothing more on an open connection.
    Silent,
}

/// An image, or the failure that a behaviour describes.
pub fn image(
    state: Arc<State>,
    connection: Arc<Connection>,
    behaviour: Behaviour,
    bytes: Bytes,
    in_flight: Arc<InFlight>,
) -> Response<Body> {
    let status = |code| StatusCode::from_u16(code).expect("the album holds valid statuses");
    let length = bytes.len();
    let half = bytes.slice(..length / 2);
    let attempt = in_flight.attempt;
    let body = |bytes, delivery| body(state, connection, bytes, in_flight, delivery);
    match behaviour {
        Behaviour::Status(code) => empty(status(code)),
        Behaviour::StatusOnce(code) if attempt == 1 => empty(status(code)),
        Behaviour::Fine | Behaviour::StatusOnce(_) => sized(length, body(bytes, Delivery::Plain)),
        Behaviour::CutShort => sized(length, body(half, Delivery::Broken)),
        Behaviour::HalfWithoutLength => png(body(half, Delivery::Plain)),
        Behaviour::ChunksCut => png(body(half, Delivery::Broken)),
        Behaviour::Page => with(
            text(StatusCode::OK, "<!doctype html><title>Imgur</title><p>Hello!"),
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        Behaviour::Empty => png(full("")),
        Behaviour::Redirect(target) => {
            with(text(StatusCode::FOUND, ""), header::LOCATION, HeaderValue::from_static(target))
        }
        Behaviour::Slow => sized(length, body(bytes, Delivery::Slow)),
        Behaviour::Silent => sized(length, body(half, Delivery::Silent)),
    }
}

fn png(body: Body) -> Response<Body> {
    with(Response::new(body), header::CONTENT_TYPE, HeaderValue::from_static("image/png"))
}

fn sized(length: usize, body: Body) -> Response<Body> {
    with(png(body), header::CONTENT_LENGTH, length.into())
}

/// A body that the link sends chunk by chunk.
///
/// The request is in flight until its last chunk is sent, and no longer: the client may make the
/// next request as soon as it has this image.
fn body(
    state: Arc<State>,
    connection: Arc<Connection>,
    bytes: Bytes,
    in_flight: Arc<InFlight>,
    delivery: Delivery,
) -> Body {
    in_flight.sent(0, false);
    let transfer = state.network.transfer(&in_flight.client, connection);
    let rest = (bytes, Some(in_flight), transfer);
    let frames = stream::unfold(rest, move |(mut bytes, mut in_flight, mut transfer)| {
        let state = Arc::clone(&state);
        async move {
            if bytes.is_empty() {
                let result = end(delivery).await?;
                return Some((result, (bytes, in_flight, transfer)));
            }
            let max = if delivery == Delivery::Slow { SLOW_CHUNK } else { usize::MAX };
            let chunk = state.network.send(&mut transfer, &mut bytes, max).await;
            if delivery == Delivery::Slow {
                sleep(SLOW_INTERVAL).await;
            }
            if let Some(in_flight) = &in_flight {
                let is_whole = matches!(delivery, Delivery::Plain | Delivery::Slow);
                in_flight.sent(chunk.len(), bytes.is_empty() && is_whole);
            }
            if bytes.is_empty() && delivery != Delivery::Silent {
                drop(in_flight.take());
            }
            Some((Ok(Frame::data(chunk)), (bytes, in_flight, transfer)))
        }
    });
    StreamBody::new(frames).boxed_unsync()
}

/// What follows the last byte: an error closes the connection, `None` completes the body.
async fn end(delivery: Delivery) -> Option<io::Result<Frame<Bytes>>> {
    match delivery {
        Delivery::Plain | Delivery::Slow => None,
        Delivery::Silent => {
            sleep(SILENT_FOR).await;
            None
        }
        Delivery::Broken => {
            // When a body fails, hyper discards what it hasn't written yet.
            sleep(FLUSH_TIME).await;
            Some(Err(io::ErrorKind::ConnectionAborted.into()))
        }
    }
}
