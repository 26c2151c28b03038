//! What happens, as server-sent events: first all that is known, then every tenth of a second what
//! has changed.
//!
//! All watchers get the same frames. One that is too slow for them is let go; its browser asks
//! again after a second, and gets all that is known.

use super::seats::{HangUp, Seats};
use crate::answer::{Practice, Request};
use crate::observe::Snapshot;
use crate::reply::{self, Body};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, broadcast};
use tokio::time::{sleep, timeout};

/// How often a frame is sent.
const PAUSE: Duration = Duration::from_millis(100);
/// A frame is sent all the same after so many pauses in which nothing has changed. The page takes
/// longer silence for a lost connection.
const QUIET: u32 = 20;
/// How many frames a watcher may be behind.
const BEHIND: usize = 64;

/// How long the last frame may take to leave. Whoever runs the server waits for it.
const PARTING: Duration = Duration::from_millis(100);

/// All who look on.
pub struct Watchers {
    /// None is the end of all streams.
    frames: broadcast::Sender<Option<Bytes>>,
    first_came: Notify,
    seats: Seats,
    /// All that is known, when it was written, unless a frame has been sent since.
    all: Mutex<Option<(Instant, Bytes)>>,
}

impl Watchers {
    pub fn new() -> Self {
        Self {
            frames: broadcast::Sender::new(BEHIND),
            first_came: Notify::new(),
            seats: Seats::default(),
            all: Mutex::new(None),
        }
    }

    /// All that is known. It is long, so it is written once for all who come at the same time; what
    /// has changed since then is in the next frame.
    fn all(&self, practice: &Practice) -> Bytes {
        let mut all = self.all.lock().unwrap();
        match &*all {
            Some((written, event)) if written.elapsed() < PAUSE => event.clone(),
            _ => {
                if self.frames.receiver_count() == 0 {
                    // Nobody has seen what has changed up to now; it is in what comes first.
                    drop(practice.observer.snapshot(false));
                }
                let event = event("snapshot", practice, &practice.observer.snapshot(true));
                *all = Some((Instant::now(), event.clone()));
                event
            }
        }
    }
}

/// Another watcher.
pub fn subscribe(practice: &Practice, from: SocketAddr, request: &Request) -> Response<Body> {
    let watchers = &practice.watchers;
    let hang_up = request.extensions().get::<HangUp>().cloned().unwrap_or_default();
    let Some(seat) = watchers.seats.take(from.ip(), hang_up) else {
        return reply::plain(StatusCode::SERVICE_UNAVAILABLE, "too many look on already");
    };
    // Nothing comes between these two: both run on this thread, without a pause.
    let all = watchers.all(practice);
    let receiver = watchers.frames.subscribe();
    watchers.first_came.notify_one();
    let frames = frames(all, receiver).inspect(move |_| seat.takes_frame());
    let mut answer = Response::new(StreamBody::new(frames).boxed_unsync());
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// What comes first, then the frames; no more of them once some have been missed.
fn frames(
    first: Bytes,
    receiver: broadcast::Receiver<Option<Bytes>>,
) -> impl Stream<Item = io::Result<Frame<Bytes>>> {
    stream::unfold((Some(first), receiver), |(first, mut receiver)| async move {
        let frame = match first {
            Some(first) => first,
            None => receiver.recv().await.ok()??,
        };
        Some((Ok(Frame::data(frame)), (None, receiver)))
    })
}

/// Sends the frames, for as long as anybody looks on.
pub async fn run(practice: Arc<Practice>) {
    let watchers = &practice.watchers;
    loop {
        watchers.first_came.notified().await;
        let (mut before, mut quiet) = (String::new(), 0);
        while watchers.frames.receiver_count() > 0 {
            sleep(PAUSE).await;
            watchers.seats.let_go(Instant::now());
            *watchers.all.lock().unwrap() = None;
            let snapshot = practice.observer.snapshot(false);
            let figures = figures(&practice, &snapshot);
            let is_new = figures != before || snapshot.runs != "[]" || snapshot.kept.is_some();
            quiet = if is_new { 0 } else { quiet + 1 };
            if is_new || quiet == QUIET {
                quiet = 0;
                // It fails only if the last watcher has just gone.
                drop(watchers.frames.send(Some(event("frame", &practice, &snapshot))));
            }
            before = figures;
        }
    }
}

/// Sends what has changed since the last frame, and ends the streams: the server stops.
pub async fn end(practice: &Practice) {
    let frames = &practice.watchers.frames;
    let last = event("frame", practice, &practice.observer.snapshot(false));
    // Both fail only if nobody looks on.
    drop((frames.send(Some(last)), frames.send(None)));
    let gone = async {
        while frames.receiver_count() > 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    // Who takes longer has a slow connection, or does not read.
    let _in_time = timeout(PARTING, gone).await;
}

fn event(name: &str, practice: &Practice, snapshot: &Snapshot) -> Bytes {
    let Snapshot { now, runs, kept, .. } = snapshot;
    let (figures, kept) = (figures(practice, snapshot), json!(kept));
    format!(
        "event: {name}\nretry: 1000\n\
         data: {{\"now\":{now},\"kept\":{kept},\"class\":{figures},\"runs\":{runs}}}\n\n"
    )
    .into()
}

/// What holds for the whole class.
fn figures(practice: &Practice, snapshot: &Snapshot) -> String {
    let Snapshot { in_flight, peak, requests, bytes, failures, .. } = snapshot;
    json!({
        "in_flight": in_flight,
        "peak": peak,
        "requests": requests,
        "bytes": bytes,
        "failures": failures,
        "rules": super::rules(practice),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    /// How many frames come, after so many were sent to somebody who was not listening.
    fn come(sent: usize) -> usize {
        let sender = broadcast::Sender::new(BEHIND);
        let frames = frames("first".into(), sender.subscribe());
        for _ in 0..sent {
            let _watchers = sender.send(Some("later".into())).unwrap();
        }
        drop(sender);
        frames.count().now_or_never().expect("it ends with its sender")
    }

    #[test]
    fn a_watcher_that_is_too_slow_is_let_go() {
        assert_eq!(come(0), 1);
        assert_eq!(come(BEHIND), 1 + BEHIND);
        assert_eq!(come(BEHIND + 1), 1, "it has missed one, so it needs all that is known");
    }
}
