//! The live view: a page that shows requests while they are made, and changes the server's rules.
//!
//! Its paths are `/` (the page), `/join` (the students' page), `/start` (instructions for students),
//! `/book/` (the book, if there is one), `/live/events` (what happens, as server-sent events),
//! `/live/controls` (changes the rules), `/live/vote` (the question to the class), `/live/answer` (takes
//! an answer) and `/live/progress` (the exercises). Its own requests are not recorded.

mod access;
mod body;
mod book;
mod controls;
mod files;
mod join;
mod progress;
mod stream;
mod students;
mod votes;

pub use files::{CHART_SCRIPT, CHART_STYLE};
pub use stream::View;

use crate::response::Body;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;

/// Whether a request is for the live view.
pub fn is_for_view<B>(request: &Request<B>) -> bool {
    let path = request.uri().path();
    matches!(path, "/" | "/join" | "/start" | "/book")
        || ["/live/", "/book/"].iter().any(|folder| path.starts_with(folder))
}

/// The methods that a request's path allows, inside and outside the live view.
pub fn methods<B>(request: &Request<B>) -> &'static str {
    match request.uri().path() {
        "/live/controls" | "/live/vote" | "/live/progress" => "GET, HEAD, POST",
        "/live/answer" => "POST",
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
        "/live/vote" => {
            let (status, text) = votes::teacher(&view.state, from, request).await;
            files::response(status, "text/plain", text)
        }
        "/live/answer" => {
            let (status, text) = votes::student(&view.state, request).await;
            files::response(status, "text/plain", text)
        }
        "/live/join.svg" => join::code(&view.state, request.headers()),
        path if path.starts_with("/book") => book::respond(view.state.book.as_ref(), path),
        "/live/progress" => progress::respond(&view.state, request).await,
        path => files::respond(path, request.headers(), &view.state),
    }
}
