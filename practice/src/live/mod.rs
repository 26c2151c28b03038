//! The live view: a page that shows requests while they are made, and changes the server's rules.
//!
//! Its paths are `/` (the page), `/start` (how students join), `/live/events` (what happens, as
//! server-sent events), `/live/controls` (changes the rules) and `/live/progress` (the exercises). Its own requests are not recorded.

mod access;
mod controls;
mod files;
mod progress;
mod stream;
mod students;

pub use files::{CHART_SCRIPT, CHART_STYLE};
pub use stream::View;

use crate::response::Body;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;

/// Whether a request is for the live view.
pub fn is_for_view<B>(request: &Request<B>) -> bool {
    let path = request.uri().path();
    matches!(path, "/" | "/start") || path.starts_with("/live/")
}

/// The methods that a request's path allows, inside and outside the live view.
pub fn methods<B>(request: &Request<B>) -> &'static str {
    match request.uri().path() {
        "/live/controls" | "/live/progress" => "GET, HEAD, POST",
        _ => "GET, HEAD",
    }
}

/// Responds to a request for the live view.
pub async fn respond(view: &View, from: SocketAddr, request: Request<Incoming>) -> Response<Body> {
    match request.uri().path() {
        "/live/events" if access::may_follow(request.headers()) => view.subscribe(),
        "/live/events" => {
            let address = view.state.reachable;
            let text = format!("Open this page as http://{address}/ to see the requests.");
            files::response(StatusCode::FORBIDDEN, "text/plain", text)
        }
        "/live/controls" => {
            let (status, text) = controls::respond(&view.state, from, request).await;
            files::response(status, "text/plain", text)
        }
        "/live/progress" => progress::respond(&view.state, request).await,
        path => files::respond(path, request.headers(), view.state.reachable),
    }
}
