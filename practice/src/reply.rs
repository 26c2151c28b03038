//! How an image is answered: as it should be, or with one of the troubles.

use crate::answer::Practice;
use crate::observe::InFlight;
use crate::trouble::Behaviour;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How a slow answer is slow: so many bytes at a time, and a pause between them.
const DROP: usize = 1_400;
const PAUSE: Duration = Duration::from_millis(100);
/// How long a silent server keeps the connection. No client should wait for it.
const SILENCE: Duration = Duration::from_mins(10);

/// The body of an answer, whatever it is made of.
pub type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body that is there as a whole.
pub fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// How the bytes of a body come, and what comes after them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As fast as the network carries them.
    Plain,
    /// With pauses.
    Slow,
    /// Then the connection breaks.
    ThenBroken,
    /// Then nothing.
    ThenSilent,
}

impl Manner {
    /// Whether the client gets all that it was promised.
    fn is_whole(self) -> bool {
        matches!(self, Self::Plain | Self::Slow)
    }
}

/// A picture, as it should be.
pub fn picture(practice: Arc<Practice>, bytes: Bytes, in_flight: Arc<InFlight>) -> Response<Body> {
    let length = bytes.len();
    sized(length, body(practice, bytes, in_flight, Manner::Plain))
}

/// A picture, or what comes instead of it.
pub fn troubled(
    practice: Arc<Practice>,
    behaviour: Behaviour,
    bytes: Bytes,
    in_flight: Arc<InFlight>,
) -> Response<Body> {
    let length = bytes.len();
    let half = bytes.slice(..length / 2);
    match behaviour {
        Behaviour::StatusOnce(code) if in_flight.attempt == 1 => refusal(status(code)),
        Behaviour::Fine | Behaviour::StatusOnce(_) => picture(practice, bytes, in_flight),
        Behaviour::Status(code) => refusal(status(code)),
        Behaviour::CutShort => sized(length, body(practice, half, in_flight, Manner::ThenBroken)),
        Behaviour::HalfWithoutLength => png(body(practice, half, in_flight, Manner::Plain)),
        Behaviour::ChunksCut => png(body(practice, half, in_flight, Manner::ThenBroken)),
        Behaviour::Page => with(
            plain(StatusCode::OK, "<!doctype html><title>Imgur</title><p>Hello!"),
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        Behaviour::Empty => png(whole("")),
        Behaviour::Redirect(target) => {
            with(plain(StatusCode::FOUND, ""), header::LOCATION, HeaderValue::from_static(target))
        }
        Behaviour::Slow => sized(length, body(practice, bytes, in_flight, Manner::Slow)),
        Behaviour::Silent => sized(length, body(practice, half, in_flight, Manner::ThenSilent)),
    }
}

/// An answer of a few words.
pub fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut answer = Response::new(whole(text));
    *answer.status_mut() = status;
    answer
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("the table holds statuses")
}

/// An answer of no words; after a 429 the client may come back in a second.
pub fn refusal(status: StatusCode) -> Response<Body> {
    let answer = plain(status, "");
    match status {
        StatusCode::TOO_MANY_REQUESTS => with(answer, header::RETRY_AFTER, HeaderValue::from(1)),
        _ => answer,
    }
}

fn png(body: Body) -> Response<Body> {
    let kind = HeaderValue::from_static("image/png");
    with(Response::new(body), header::CONTENT_TYPE, kind)
}

fn sized(length: usize, body: Body) -> Response<Body> {
    with(png(body), header::CONTENT_LENGTH, length.into())
}

fn with(
    mut answer: Response<Body>,
    name: header::HeaderName,
    value: HeaderValue,
) -> Response<Body> {
    drop(answer.headers_mut().insert(name, value));
    answer
}

/// The bytes in portions, as the link sends them.
///
/// The request counts as in flight until its last portion leaves, and no longer: the client may
/// ask for the next image as soon as it has this one.
fn body(practice: Arc<Practice>, bytes: Bytes, in_flight: Arc<InFlight>, manner: Manner) -> Body {
    in_flight.expect_body();
    let rest = (practice, bytes, Some(in_flight), Instant::now());
    let frames = stream::unfold(rest, move |rest| async move {
        let (practice, mut bytes, mut in_flight, mut ready) = rest;
        if bytes.is_empty() {
            let broken = Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            match manner {
                Manner::ThenBroken => {
                    // What came before has to be on its way by then.
                    sleep(PAUSE).await;
                    return Some((broken, (practice, bytes, in_flight, ready)));
                }
                Manner::ThenSilent => sleep(SILENCE).await,
                Manner::Plain | Manner::Slow => {}
            }
            return None;
        }
        let portion = match manner {
            Manner::Slow => DROP,
            _ => practice.network.portion(),
        };
        let portion = bytes.split_to(portion.min(bytes.len()));
        practice.network.send(portion.len(), &mut ready).await;
        if manner == Manner::Slow {
            sleep(PAUSE).await;
        }
        if let Some(in_flight) = &in_flight {
            in_flight.sent(portion.len(), bytes.is_empty() && manner.is_whole());
        }
        if bytes.is_empty() && manner != Manner::ThenSilent {
            drop(in_flight.take());
        }
        Some((Ok(Frame::data(portion)), (practice, bytes, in_flight, ready)))
    });
    StreamBody::new(frames).boxed_unsync()
}
