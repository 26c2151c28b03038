//! The list of an album for a run that waits until the teacher starts all runs together.

use crate::observe::InFlight;
use crate::response::Body;
use crate::state::State;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, BodyStream, StreamBody};
use hyper::body::Frame;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How often a client that waits gets a byte. The programs' timeout limits the time between two
/// bytes.
const INTERVAL: Duration = Duration::from_secs(1);

/// A JSON document whose sending begins at the start, or at once if the run has started already. Until
/// then, the client gets spaces, with which a JSON document may begin, so that it doesn't time out.
pub fn held(state: Arc<State>, in_flight: Arc<InFlight>, document: Body) -> Body {
    if !in_flight.waits() {
        return document;
    }
    let spaces = stream::unfold((state, in_flight), |(state, in_flight)| async move {
        if timeout(INTERVAL, state.gate.started()).await.is_ok() {
            in_flight.starts();
            return None;
        }
        Some((Ok(Frame::data(Bytes::from_static(b" "))), (state, in_flight)))
    });
    StreamBody::new(spaces.chain(BodyStream::new(document))).boxed_unsync()
}
