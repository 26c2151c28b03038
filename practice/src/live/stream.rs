//! Server-sent events: first a snapshot, then every 100 ms a frame with the changes.
//!
//! All watchers get the same frames. The stream of a watcher that falls too far behind ends; its
//! browser reconnects after a second and gets a snapshot.

use crate::gate::GateState;
use crate::limits::{MAX_EVENTS_BEHIND, MAX_WATCHERS};
use crate::observe::Snapshot;
use crate::response::{self, Body};
use crate::state::State;
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use serde::Serialize;
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio::time::{sleep, timeout};

/// How often a frame is sent.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long a stopping server waits for the last frame to be sent.
const LAST_FRAME_TIMEOUT: Duration = Duration::from_millis(100);

/// The live view of a server, and the watchers: the pages that follow it.
pub struct View {
    pub state: Arc<State>,
    /// One receiver for each watcher. `None` ends all streams.
    frames: broadcast::Sender<Option<Bytes>>,
    first_arrived: Notify,
    /// The last snapshot, until the next frame. It may be long, so watchers that arrive together
    /// share it.
    snapshot: Mutex<Option<Bytes>>,
}

impl View {
    pub fn new(state: Arc<State>) -> Arc<Self> {
        Arc::new(Self {
            state,
            frames: broadcast::Sender::new(MAX_EVENTS_BEHIND),
            first_arrived: Notify::new(),
            snapshot: Mutex::new(None),
        })
    }

    /// Adds a watcher. Returns its stream of events, or status 503 if there are too many watchers.
    pub fn subscribe(&self) -> Response<Body> {
        if self.frames.receiver_count() >= MAX_WATCHERS {
            return response::text(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many pages follow this server.",
            );
        }
        // No frame is sent between these two lines: all tasks run on one thread.
        let snapshot = self.snapshot();
        let receiver = self.frames.subscribe();
        self.first_arrived.notify_one();
        self.state.watched.get_or_init(|| ());
        let body = StreamBody::new(events(snapshot, receiver)).boxed_unsync();
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn snapshot(&self) -> Bytes {
        let mut snapshot = self.snapshot.lock().unwrap();
        if self.frames.receiver_count() == 0 {
            *snapshot = None;
            // The next frame need not repeat what is in this snapshot.
            drop(self.state.records().changes());
        }
        let all = || event("snapshot", &self.state, &self.state.records().all());
        snapshot.get_or_insert_with(all).clone()
    }

    /// Sends frames while there are watchers, forever.
    pub async fn send_frames(&self) {
        loop {
            self.first_arrived.notified().await;
            while self.frames.receiver_count() > 0 {
                sleep(INTERVAL).await;
                self.send_frame();
            }
        }
    }

    fn send_frame(&self) {
        *self.snapshot.lock().unwrap() = None;
        let changes = self.state.records().changes();
        // Fails if the last watcher has just left.
        drop(self.frames.send(Some(event("frame", &self.state, &changes))));
    }

    /// Sends what changed since the last frame, and ends all streams.
    pub async fn send_last_frame(&self) {
        self.send_frame();
        drop(self.frames.send(None));
        let all_left = async {
            while self.frames.receiver_count() > 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let _ = timeout(LAST_FRAME_TIMEOUT, all_left).await;
    }
}

/// The snapshot, then the frames, until one is missed.
fn events(
    snapshot: Bytes,
    receiver: broadcast::Receiver<Option<Bytes>>,
) -> impl Stream<Item = io::Result<Frame<Bytes>>> {
    stream::unfold((Some(snapshot), receiver), |(snapshot, mut receiver)| async move {
        let event = match snapshot {
            Some(snapshot) => snapshot,
            None => receiver.recv().await.ok()??,
        };
        Some((Ok(Frame::data(event)), (None, receiver)))
    })
}

fn event(name: &str, state: &State, snapshot: &Snapshot) -> Bytes {
    #[derive(Serialize)]
    struct Data<'a> {
        #[serde(flatten)]
        snapshot: &'a Snapshot,
        rules: Value,
        vote: Value,
    }
    let mut rules = state.rules().to_json();
    rules["gate"] = match state.gate.state() {
        GateState::Open | GateState::ForStart(_) => Value::Null,
        GateState::Closed(gate) => json!(gate.requests),
        GateState::TimedOut => json!("timed out"),
    };
    if let GateState::ForStart(expected) = state.gate.state() {
        rules["start"] = json!({"here": snapshot.waiting, "expected": expected});
    }
    let vote = state.votes().to_json();
    let data =
        serde_json::to_string(&Data { snapshot, rules, vote }).expect("all keys are strings");
    format!("event: {name}\nretry: 1000\ndata: {data}\n\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, StreamExt};

    /// How many events a watcher gets if it reads nothing until `sent` frames have been sent.
    fn received(sent: usize) -> usize {
        let sender = broadcast::Sender::new(MAX_EVENTS_BEHIND);
        let events = events("snapshot".into(), sender.subscribe());
        for _ in 0..sent {
            let _watchers = sender.send(Some("frame".into())).unwrap();
        }
        drop(sender);
        events.count().now_or_never().expect("the stream ends with its sender")
    }

    #[test]
    fn the_stream_of_a_watcher_that_misses_a_frame_ends() {
        assert_eq!(received(0), 1);
        assert_eq!(received(MAX_EVENTS_BEHIND), 1 + MAX_EVENTS_BEHIND);
        assert_eq!(received(MAX_EVENTS_BEHIND + 1), 1, "it needs a snapshot");
    }
}
