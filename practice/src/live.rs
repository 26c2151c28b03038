//! The live view: a page that shows what is asked of the server while it is asked.
//!
//! `/` is the page, `/start` tells students how to begin, `/live/events` sends what happens, and
//! `/live/controls` takes the teacher's wishes. The page is plain HTML, CSS and JavaScript, in files
//! beside this one. Nothing here counts as a request for an album.

mod access;
mod run;
mod runs;
mod seats;
mod stream;
mod who;

pub use run::{Asked, Ticket};
pub use runs::Runs;
pub use seats::HangUp;
pub use stream::{Watchers, end as send_last_frame, run as send_frames};

use crate::answer::{Practice, Request};
use crate::gate::{Gate, State};
use crate::reply::{self, Body};
use crate::rules::at_least_one;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

/// The files of the page: paths, kinds, contents.
const FILES: [(&str, &str, &str); 8] = [
    ("/", "text/html", include_str!("live/page.html")),
    ("/live/page.css", "text/css", include_str!("live/page.css")),
    ("/live/page.js", "text/javascript", include_str!("live/page.js")),
    ("/live/class.js", "text/javascript", include_str!("live/class.js")),
    ("/live/chart.js", "text/javascript", include_str!("live/chart.js")),
    ("/live/table.js", "text/javascript", include_str!("live/table.js")),
    ("/live/controls.js", "text/javascript", include_str!("live/controls.js")),
    ("/start", "text/html", include_str!("live/start.html")),
];
/// Nothing from elsewhere, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A wish is no longer than this.
const LONGEST_WISH: usize = 4_096;
/// How long the teacher's gate stays closed by itself. Most clients have given up by then.
const PATIENCE: Duration = Duration::from_mins(10);

/// Whether a request is for the live view, and not for Imgur.
pub fn is_asked_for(request: &Request) -> bool {
    let path = request.uri().path();
    matches!(path, "/" | "/start") || path.starts_with("/live/")
}

/// The answer to a request for the live view.
pub async fn answer(practice: &Practice, from: SocketAddr, request: Request) -> Response<Body> {
    let path = request.uri().path();
    match path {
        "/live/events" => stream::subscribe(practice, from, &request),
        "/live/controls" => control(practice, from, request).await,
        _ => match FILES.iter().find(|file| file.0 == path) {
            Some((_, kind, content)) => file(practice, request.headers(), kind, content),
            None => with_headers(StatusCode::NOT_FOUND, "text/plain", "no such page"),
        },
    }
}

fn file(practice: &Practice, headers: &HeaderMap, kind: &str, content: &str) -> Response<Body> {
    let content = match kind {
        "text/html" => content.replace("{address}", &access::address(headers, practice.reachable)),
        _ => content.to_owned(),
    };
    with_headers(StatusCode::OK, kind, content)
}

fn with_headers(status: StatusCode, kind: &str, content: impl Into<String>) -> Response<Body> {
    let answer = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
        .header(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
        .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.body(reply::whole(content.into())).expect("these headers are proper")
}

/// Tells who asks whether they may control the server, and does what they wish if they may.
async fn control(practice: &Practice, from: SocketAddr, request: Request) -> Response<Body> {
    let plain = |status, words: &str| with_headers(status, "text/plain", words);
    if !access::may_control(from, request.headers(), practice.token.as_deref()) {
        return plain(StatusCode::FORBIDDEN, "only for the teacher");
    }
    if request.method() != Method::POST {
        return plain(StatusCode::OK, "you may");
    }
    let body = Limited::new(request.into_body(), LONGEST_WISH).collect().await;
    let wish = body.ok().and_then(|body| serde_json::from_slice(&body.to_bytes()).ok());
    let Some(wish @ Value::Object(_)) = wish else {
        return plain(StatusCode::BAD_REQUEST, "not a JSON object");
    };
    match grant(practice, &wish) {
        Ok(()) => plain(StatusCode::OK, "done"),
        Err(why) => plain(StatusCode::BAD_REQUEST, why),
    }
}

/// Changes what the wish names; all of it, or nothing if a part makes no sense.
fn grant(practice: &Practice, wish: &Value) -> Result<(), &'static str> {
    let gate = wish.get("gate").map(|gate| at_least_one(gate, "gate: a number from 1 on"));
    let gate = gate.transpose()?;
    let mut rules = practice.network.rules();
    rules.change(wish)?;
    practice.network.change(rules);
    if let Some(requests) = gate {
        let gate = requests.map(|requests| Gate { requests, timeout: PATIENCE });
        practice.gateway.set(gate, practice.observer.images());
    }
    Ok(())
}

/// What holds now, as the page shows it.
fn rules(practice: &Practice) -> Value {
    let mut rules = practice.network.rules().to_json();
    rules["gate"] = match practice.gateway.state() {
        State::Open => Value::Null,
        State::Closed(gate) => json!(gate.requests),
        State::GivenUp => json!("given up"),
    };
    rules
}
