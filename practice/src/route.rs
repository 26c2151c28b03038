//! Chooses the handler of each request.

use crate::album::trouble::Behaviour;
use crate::album::{picture, practice, trouble};
use crate::gate::GateState;
use crate::list::{self, LIST};
use crate::network::Connection;
use crate::observe::{Client, InFlight, RequestKind};
use crate::response::{self, Body};
use crate::state::State;
use crate::steps::{Held, Release, Steps};
use crate::{host, imgur, live, start};
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// The response to a request without a valid `Host`, or whose method its path doesn't allow. `None`
/// for any other request.
pub fn refusal<B>(request: &Request<B>) -> Option<Response<Body>> {
    if !host::is_valid(request) {
        return Some(response::text(StatusCode::BAD_REQUEST, "Host: one name:port is required"));
    }
    let methods = live::methods(request);
    let is_allowed = methods.split(", ").any(|method| method == request.method());
    (!is_allowed).then(|| response::method_not_allowed(methods))
}

/// Records a request and responds to it. Requests for the live view do not come here.
pub async fn respond(
    state: Arc<State>,
    from: SocketAddr,
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> Response<Body> {
    let user_agent = user_agent(request.headers());
    let client = Client::new(from.ip(), &user_agent);
    let target = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let path: Vec<&str> = request.uri().path().trim_start_matches('/').split('/').collect();
    let kind = match path[..] {
        ["removed.png"] | ["trouble", _] => RequestKind::Image,
        [file] if state.album.has(file) => RequestKind::Image,
        _ if album_id(&path).is_some() => RequestKind::Album,
        _ => RequestKind::Other,
    };
    let is_head = request.method() == Method::HEAD;
    let in_flight = Arc::new(InFlight::new(&state.records, target, client, kind, from, is_head));
    let response = match kind {
        RequestKind::Image => image(state, connection, &path, Arc::clone(&in_flight)).await,
        // For example a browser's request for its icon.
        RequestKind::Other if path.len() == 1 => {
            state.network.travel(&connection).await;
            no_image()
        }
        RequestKind::Album | RequestKind::Other => {
            state.network.travel(&connection).await;
            let response = api(&state, &request, &path, &in_flight);
            imgur::with_limits(response, in_flight.requests())
        }
    };
    in_flight.responded(response.status().as_u16());
    if is_head {
        // Hyper sends the headers and drops the body.
        in_flight.sent(0, true);
    }
    response
}

async fn image(
    state: Arc<State>,
    connection: Arc<Connection>,
    path: &[&str],
    in_flight: Arc<InFlight>,
) -> Response<Body> {
    state.gate.arrived(in_flight.images);
    let is_refused = state.rules().limit.is_some_and(|limit| in_flight.images > limit);
    if is_refused {
        in_flight.refused();
    }
    state.network.travel(&connection).await;
    if is_refused {
        return response::too_many(1);
    }
    if !state.gate.pass().await {
        return response::text(StatusCode::SERVICE_UNAVAILABLE, "the gate did not open in time");
    }
    if state.rules().injects_failure(state.images_passed.fetch_add(1, Relaxed)) {
        return response::text(StatusCode::SERVICE_UNAVAILABLE, "injected failure");
    }
    let release = match &state.steps {
        Some(steps) => hold(steps, path, &in_flight).await,
        None => Release::Image,
    };
    match release {
        // Before the picture is painted, which would delay other responses.
        Release::Status(status) => return response::status(status),
        Release::RetryAfter(seconds) => return response::too_many(seconds),
        Release::Size(size) if in_flight.is_head => {
            return response::sized(size, response::full(""));
        }
        Release::Image | Release::CutShort | Release::Size(_) => {}
    }
    let found = match path {
        ["removed.png"] => Some((picture::grey(), Behaviour::Fine)),
        ["trouble", name] => trouble::image(name),
        [file] => {
            let is_cut = release == Release::CutShort;
            let behaviour = if is_cut { Behaviour::CutShort } else { Behaviour::Fine };
            state.album.file(file).map(|bytes| (bytes, behaviour))
        }
        _ => None,
    };
    match found {
        Some((bytes, behaviour)) => response::image(state, connection, behaviour, bytes, in_flight),
        None => no_image(),
    }
}

/// Holds a request until the judge has chosen its response.
async fn hold(steps: &Steps, path: &[&str], in_flight: &InFlight) -> Release {
    let name = path.join("/");
    let InFlight { is_head, from, .. } = *in_flight;
    steps.hold(Held { id: in_flight.requests(), name, is_head, from }).await
}

fn no_image() -> Response<Body> {
    response::text(StatusCode::NOT_FOUND, "no such image")
}

/// The id of the album that a path of the API names.
fn album_id<'a>(path: &[&'a str]) -> Option<&'a str> {
    match path {
        ["3", "album", id, "images"] | ["3", "album", id] | ["post", "v1", "albums", id] => {
            Some(id)
        }
        _ => None,
    }
}

fn api(
    state: &Arc<State>,
    request: &Request<Incoming>,
    path: &[&str],
    in_flight: &Arc<InFlight>,
) -> Response<Body> {
    let whole_path = request.uri().path();
    let authorization = text(request.headers(), header::AUTHORIZATION);
    if let Some((status, message)) = imgur::refusal(&authorization) {
        return imgur::error(status, message, whole_path);
    }
    if path == ["3", "credits"] {
        let credits = imgur::credits(in_flight.requests());
        return imgur::json(StatusCode::OK, &imgur::envelope(credits));
    }
    let Some(id) = album_id(path) else {
        return imgur::error(StatusCode::NOT_FOUND, "Imgur has no such endpoint", whole_path);
    };
    let host = host::for_links(request.headers(), state.reachable);
    let Some((len, entry)) = images(state, id, host.clone()) else {
        return imgur::no_album(path[0] == "post", id, whole_path);
    };
    in_flight.listed_album();
    let body = match path {
        ["post", ..] => {
            list::body(&imgur::post(id, len), len, move |index| imgur::medium(&entry(index)))
        }
        [_, _, _, "images"] => list::body(&imgur::envelope(LIST), len, entry),
        _ => {
            let first = if len > 0 { entry(0) } else { Value::Null };
            list::body(&imgur::envelope(imgur::album(id, &first, len, &host)), len, entry)
        }
    };
    imgur::json_body(match state.gate.state() {
        GateState::ForStart(_) => start::held(Arc::clone(state), Arc::clone(in_flight), body),
        _ => body,
    })
}

/// Makes the entry at an index of an album's list.
type Entry = Box<dyn Fn(usize) -> Value + Send>;

/// The length of an album's list, and its entries.
fn images(state: &State, id: &str, host: String) -> Option<(usize, Entry)> {
    let album = Arc::clone(&state.album);
    match id {
        practice::ID => Some((
            album.ids().len(),
            Box::new(move |index| {
                let picture = album.picture(index);
                imgur::image(picture, &album.ids()[index], album.dimensions(picture), &host)
            }),
        )),
        trouble::ID => Some((trouble::LEN, Box::new(move |index| trouble::entry(index, &host)))),
        _ => None,
    }
}

/// The user agent. A page cannot set its own, so the client in the browser has another header.
fn user_agent(headers: &HeaderMap) -> String {
    let of_page = text(headers, HeaderName::from_static("x-practice-agent"));
    if of_page.is_empty() { text(headers, header::USER_AGENT) } else { of_page }
}

/// A header as text; empty if it is missing.
fn text(headers: &HeaderMap, name: HeaderName) -> String {
    let value = headers.get(name).map_or(&[][..], |value| value.as_bytes());
    String::from_utf8_lossy(value).into_owned()
}
