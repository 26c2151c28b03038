//! What happens, as server-sent events: first a snapshot, then every tenth of a second a frame with
//! what has changed.
//!
//! All watchers get the same frames. The stream of one that is too slow for them ends; its browser
//! reconnects after a second and gets a snapshot.

use crate::gate::GateState;
use crate::limits::{MAX_EVENTS_BEHIND, MAX_WATCHERS};
use crate::observe::{Snapshot, Totals};
use crate::response::Body;
use crate::rules::RulesOnPage;
use crate::state::State;
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use serde::Serialize;
use std::io;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, broadcast};
use tokio::time::{sleep, timeout};

/// How often a frame is sent.
const INTERVAL: Duration = Duration::from_millis(100);
/// A frame is sent after this many intervals without a change. The page takes a longer silence for a
/// lost connection.
const MAX_QUIET_INTERVALS: u32 = 20;
/// How long a server that stops waits until the last frame is sent.
const LAST_FRAME_TIMEOUT: Duration = Duration::from_millis(100);

/// The pages that follow the live view.
pub struct Watchers {
    /// None ends all streams.
    frames: broadcast::Sender<Option<Bytes>>,
    first_arrived: Notify,
    /// The snapshot that was made last, and when.
    snapshot: Mutex<Option<(Instant, Bytes)>>,
}

/// The data of an event.
#[derive(Serialize)]
struct Event<'a> {
    #[serde(flatten)]
    snapshot: &'a Snapshot,
    rules: &'a ShownRules,
}

#[derive(PartialEq, Serialize)]
struct ShownRules {
    #[serde(flatten)]
    rules: RulesOnPage,
    gate: Option<ShownGate>,
}

/// A gate that is not open.
#[derive(PartialEq, Serialize)]
#[serde(untagged)]
enum ShownGate {
    Closed(usize),
    TimedOut(&'static str),
}

impl Watchers {
    pub fn new() -> Self {
        Self {
            frames: broadcast::Sender::new(MAX_EVENTS_BEHIND),
            first_arrived: Notify::new(),
            snapshot: Mutex::new(None),
        }
    }

    /// The stream of another watcher; none if there are too many.
    pub fn add(&self, state: &State) -> Option<Response<Body>> {
        if self.frames.receiver_count() >= MAX_WATCHERS {
            return None;
        }
        // No frame is sent between these two lines: all tasks run on one thread.
        let snapshot = self.snapshot(state);
        let receiver = self.frames.subscribe();
        self.first_arrived.notify_one();
        let body = StreamBody::new(events(snapshot, receiver)).boxed_unsync();
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Some(response)
    }

    /// Everything, as an event. It may be long, so watchers that arrive together share one.
    fn snapshot(&self, state: &State) -> Bytes {
        let mut snapshot = self.snapshot.lock().unwrap();
        match &*snapshot {
            Some((made, event)) if made.elapsed() < INTERVAL => event.clone(),
            _ => {
                if self.frames.receiver_count() == 0 {
                    // The next frame need not repeat what is in this snapshot.
                    drop(state.observer.changes());
                }
                let event = event("snapshot", &state.observer.all(), &shown_rules(state));
                *snapshot = Some((Instant::now(), event.clone()));
                event
            }
        }
    }

    /// Sends frames while there are watchers, for ever.
    pub async fn send_frames(&self, state: &State) {
        loop {
            self.first_arrived.notified().await;
            let (mut before, mut quiet): (Option<(Totals, ShownRules)>, _) = (None, 0);
            while self.frames.receiver_count() > 0 {
                sleep(INTERVAL).await;
                // It lacks what this frame reports.
                *self.snapshot.lock().unwrap() = None;
                let (changes, rules) = (state.observer.changes(), shown_rules(state));
                let has_changed = !changes.runs.is_empty()
                    || before.as_ref().is_none_or(|it| (&it.0, &it.1) != (&changes.totals, &rules));
                quiet = if has_changed { 0 } else { quiet + 1 };
                if has_changed || quiet == MAX_QUIET_INTERVALS {
                    quiet = 0;
                    // Fails if the last watcher has just left.
                    drop(self.frames.send(Some(event("frame", &changes, &rules))));
                }
                before = Some((changes.totals, rules));
            }
        }
    }

    /// Sends what changed since the last frame, and ends all streams.
    pub async fn send_last_frame(&self, state: &State) {
        let last = event("frame", &state.observer.changes(), &shown_rules(state));
        // Both fail if there is no watcher.
        drop((self.frames.send(Some(last)), self.frames.send(None)));
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

fn event(name: &str, snapshot: &Snapshot, rules: &ShownRules) -> Bytes {
    let data = serde_json::to_string(&Event { snapshot, rules }).expect("all keys are strings");
    format!("event: {name}\nretry: 1000\ndata: {data}\n\n").into()
}

fn shown_rules(state: &State) -> ShownRules {
    let gate = match state.gate.state() {
        GateState::Open => None,
        GateState::Closed(gate) => Some(ShownGate::Closed(gate.requests)),
        GateState::TimedOut => Some(ShownGate::TimedOut("timed out")),
    };
    ShownRules { rules: state.rules().on_page(), gate }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, StreamExt};

    /// How many events a watcher gets that was not listening while `sent` frames were sent.
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
