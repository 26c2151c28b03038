//! Which answer belongs to which request.

use crate::album::{self, Album};
use crate::gate::Gateway;
use crate::live::{self, Asked, Watchers};
use crate::network::Network;
use crate::observe::{self, Client, InFlight, Observer};
use crate::reply::Body;
use crate::{imgur, picture, reply, trouble};
use http::{HeaderMap, Response, StatusCode, header};
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A request whose body has not been read.
pub type Request = http::Request<Incoming>;

/// What all connections share.
pub struct Practice {
    pub album: Arc<Album>,
    pub network: Network,
    pub observer: Observer,
    pub gateway: Gateway,
    pub watchers: Watchers,
    /// How many images were neither refused nor held back for ever.
    pub images: AtomicU64,
    pub token: Option<String>,
    pub address: SocketAddr,
    pub reachable: SocketAddr,
}

/// The answer to any request.
pub async fn answer(practice: Arc<Practice>, from: SocketAddr, request: Request) -> Response<Body> {
    if live::is_asked_for(&request) {
        return live::answer(&practice, from, request).await;
    }
    let agent = text(request.headers(), header::USER_AGENT);
    let client = observe::client(from.ip(), &agent);
    let target = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let path: Vec<&str> = request.uri().path().trim_start_matches('/').split('/').collect();
    let asked = match path[..] {
        ["removed.png"] | ["trouble", _] => Asked::Image,
        [file] if practice.album.has(file) => Asked::Image,
        _ if album_id(&path).is_some() => Asked::Album,
        _ => Asked::Other,
    };
    let in_flight = Arc::new(practice.observer.arrived(target, client, asked));
    let answer = match asked {
        Asked::Image => image(practice, &path, Arc::clone(&in_flight)).await,
        // A browser asks for its icon, or somebody mistook a name.
        Asked::Other if path.len() == 1 => {
            practice.network.travel().await;
            no_image()
        }
        Asked::Album | Asked::Other => {
            practice.network.travel().await;
            let requests = in_flight.number;
            let answer = api(&practice, &request, &path, in_flight.client(), requests);
            imgur::with_limits(answer, requests).map(reply::whole)
        }
    };
    in_flight.answered(answer.status().as_u16());
    answer
}

async fn image(practice: Arc<Practice>, path: &[&str], in_flight: Arc<InFlight>) -> Response<Body> {
    practice.gateway.arrived(in_flight.load.images);
    let rules = practice.network.rules();
    if !rules.admit(in_flight.load) {
        return reply::refusal(StatusCode::TOO_MANY_REQUESTS);
    }
    practice.network.travel().await;
    if !practice.gateway.pass().await {
        return reply::plain(StatusCode::SERVICE_UNAVAILABLE, "the gate did not open");
    }
    if rules.spoils(practice.images.fetch_add(1, Relaxed)) {
        return reply::plain(StatusCode::SERVICE_UNAVAILABLE, "the teacher wants it so");
    }
    match path {
        ["removed.png"] => reply::picture(practice, trouble::removed(), in_flight),
        ["trouble", name] => match trouble::behaviour(name) {
            Some((place, behaviour)) => {
                let bytes = picture::paint(trouble::picture(place));
                reply::troubled(practice, behaviour, bytes, in_flight)
            }
            None => no_image(),
        },
        [file] => match practice.album.file(file) {
            Some(bytes) => reply::picture(practice, bytes, in_flight),
            None => no_image(),
        },
        _ => no_image(),
    }
}

fn no_image() -> Response<Body> {
    reply::plain(StatusCode::NOT_FOUND, "no such image")
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
    practice: &Practice,
    request: &Request,
    path: &[&str],
    client: &Client,
    requests: usize,
) -> Response<String> {
    let given = text(request.headers(), header::AUTHORIZATION);
    if !matches!(given.split_once(' '), Some(("Client-ID" | "Bearer", id)) if !id.trim().is_empty())
    {
        let message =
            if given.is_empty() { "Authentication required" } else { "Malformed auth header." };
        let status =
            if given.is_empty() { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        return imgur::error(status, message, request.uri().path());
    }
    let host = match text(request.headers(), header::HOST) {
        host if host.is_empty() => practice.address.to_string(),
        host => host,
    };
    if path == ["3", "credits"] {
        return imgur::answer(&imgur::credits(requests));
    }
    let Some(id) = album_id(path) else {
        let message = "Imgur knows no such call";
        return imgur::error(StatusCode::NOT_FOUND, message, request.uri().path());
    };
    match practice.images(id, &host) {
        Some(images) => {
            practice.observer.forget_tries(client);
            match path[0] {
                "post" => imgur::bare(&imgur::post(id, &images)),
                _ if path.len() == 4 => imgur::answer(&images),
                _ => imgur::answer(&imgur::album(id, &images, &host)),
            }
        }
        None if path[0] == "post" => imgur::no_post(),
        None => {
            let message = format!("Unable to find an album with the id, {id}.");
            imgur::error(StatusCode::NOT_FOUND, &message, request.uri().path())
        }
    }
}

impl Practice {
    /// The list of an album's images, or none where there is no such album.
    fn images(&self, id: &str, host: &str) -> Option<serde_json::Value> {
        match id {
            album::ID => Some(imgur::images(&self.album, host)),
            trouble::ID => Some(trouble::images(host)),
            _ => None,
        }
    }
}

/// A header as text; empty where there is none.
fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    let value = headers.get(name).map_or(&[][..], |value| value.as_bytes());
    String::from_utf8_lossy(value).into_owned()
}
