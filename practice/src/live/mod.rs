//! The live view: a page that shows requests while they are made, and changes the server's rules.
//!
//! Its paths are `/` (the page), `/start` (how students join), `/live/events` (what happens, as
//! server-sent events) and `/live/controls` (changes the rules). Its own requests are not recorded.

mod access;
mod controls;
mod files;
mod stream;

use crate::response::{self, Body};
use crate::state::State;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::sync::Arc;
use stream::Watchers;

/// Whether a request is for the live view.
pub fn is_for_view<B>(request: &Request<B>) -> bool {
    let path = request.uri().path();
    matches!(path, "/" | "/start") || path.starts_with("/live/")
}

/// The live view of a server.
pub struct View {
    state: Arc<State>,
    watchers: Watchers,
}

impl View {
    pub fn new(state: Arc<State>) -> Arc<Self> {
        Arc::new(Self { state, watchers: Watchers::new() })
    }

    /// Responds to a request for the live view.
    pub async fn respond(&self, from: SocketAddr, request: Request<Incoming>) -> Response<Body> {
        match request.uri().path() {
            "/live/events" => match self.watchers.add(&self.state) {
                Some(response) => response,
                None => response::text(StatusCode::SERVICE_UNAVAILABLE, "too many watchers"),
            },
            "/live/controls" => {
                let (status, text) = controls::respond(&self.state, from, request).await;
                files::response(status, "text/plain", text)
            }
            path => files::respond(path, request.headers(), self.state.reachable),
        }
    }

    /// Sends the watchers what changes, for ever.
    pub async fn send_frames(&self) {
        self.watchers.send_frames(&self.state).await;
    }

    /// Sends the watchers what changed since the last frame, and ends their streams.
    pub async fn send_last_frame(&self) {
        self.watchers.send_last_frame(&self.state).await;
    }
}
