//! The server itself: which answer belongs to which request, on a thread of its own.

use crate::album::{self, Album};
use crate::network::Network;
use crate::observe::{Client, Gate, Observed, Observer};
use crate::reply::Body;
use crate::{imgur, picture, reply, trouble};
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use std::{io, thread};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

type Request = http::Request<Incoming>;

/// How long nobody new is let in after that has failed.
const BREATH: Duration = Duration::from_millis(100);

/// How the server behaves. The defaults make the article's table appear at a tenth of its length.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens: 127.0.0.1 and a free port.
    pub listen: SocketAddr,
    /// How long each request travels: 83 ms.
    pub latency: Duration,
    /// How many bytes a second the link carries, shared by all: 8 MB/s. None: no limit.
    pub link_rate: Option<u64>,
    /// How many images the album holds: 40.
    pub images: usize,
    /// Whether images wait for each other: no.
    pub gate: Option<Gate>,
    /// The most images that are served at once; what comes above it is answered with 429 and a
    /// `Retry-After` of a second. None: no limit.
    pub limit: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            latency: Duration::from_millis(83),
            link_rate: Some(8_000_000),
            images: picture::COUNT,
            gate: None,
            limit: None,
        }
    }
}

/// A running practice server. It ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    album: Arc<Album>,
    observer: Observer,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts the server on a background thread.
    ///
    /// Fails if the address cannot be listened on or no thread can be started.
    pub fn start(settings: &Settings) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(settings.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let observer = Observer::new(settings.gate);
        let album = Album::new(settings.images);
        let state = Arc::new(Practice {
            album: Arc::clone(&album),
            network: Network::new(settings.latency, settings.link_rate),
            observer: observer.clone(),
            gate: settings.gate,
            limit: settings.limit,
            address,
        });
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("practice-server".into())
            .spawn(move || run(listener, state, stopped))?;
        Ok(Self { address, album, observer, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to put into `IMGUR_API_URL`.
    pub fn api_url(&self) -> String {
        format!("http://{}/3", self.address)
    }

    /// Opens the gate, whoever is there.
    pub fn open_gate(&self) {
        self.observer.decide(true);
    }

    /// The names of the practice album's files, in its order. Each lies at the server's root.
    pub fn names(&self) -> Vec<String> {
        self.album.ids().iter().map(|id| format!("{id}.png")).collect()
    }

    /// The bytes of an image of the practice album, by the name of its file.
    pub fn file(&self, name: &str) -> Option<Bytes> {
        self.album.file(name)
    }

    /// What it saw up to now.
    pub fn observed(&self) -> Observed {
        self.observer.observed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It cannot be helped here if the server panicked; its clients have seen it.
            drop(thread.join());
        }
    }
}

pub struct Practice {
    album: Arc<Album>,
    pub network: Network,
    observer: Observer,
    gate: Option<Gate>,
    limit: Option<usize>,
    address: SocketAddr,
}

#[tokio::main(flavor = "current_thread")]
async fn run(
    listener: std::net::TcpListener,
    practice: Arc<Practice>,
    stop: oneshot::Receiver<()>,
) {
    let listener = TcpListener::from_std(listener).expect("it does not block");
    tokio::select! {
        () = serve(listener, practice) => {}
        _ = stop => {}
    }
}

async fn serve(listener: TcpListener, practice: Arc<Practice>) {
    loop {
        let Ok((connection, from)) = listener.accept().await else {
            // Too many open files, most likely: some will be closed soon.
            sleep(BREATH).await;
            continue;
        };
        practice.observer.connected();
        // Without it small packets wait for each other, an extra latency that nobody asked for.
        drop(connection.set_nodelay(true));
        let practice = Arc::clone(&practice);
        let service = service_fn(move |request| {
            let practice = Arc::clone(&practice);
            async move { Ok::<_, Infallible>(answer(practice, from, request).await) }
        });
        let serving = http1::Builder::new().serve_connection(TokioIo::new(connection), service);
        // Whatever ends a connection early, its client sees it.
        drop(tokio::spawn(serving));
    }
}

async fn answer(practice: Arc<Practice>, from: SocketAddr, request: Request) -> Response<Body> {
    let client: Client = (from.ip(), text(request.headers(), header::USER_AGENT));
    let target = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let path: Vec<&str> = request.uri().path().trim_start_matches('/').split('/').collect();
    let is_image = matches!(path[..], [_] | ["trouble", _]);
    let in_flight = practice.observer.arrived(target, &client, is_image);
    if is_image && practice.limit.is_some_and(|limit| in_flight.images > limit) {
        return reply::refusal(StatusCode::TOO_MANY_REQUESTS);
    }
    practice.network.travel().await;
    if is_image && !practice.observer.pass_gate(practice.gate).await {
        return reply::plain(StatusCode::SERVICE_UNAVAILABLE, "the gate did not open");
    }
    match path[..] {
        ["removed.png"] => reply::picture(practice, trouble::removed(), in_flight),
        [file] => match practice.album.file(file) {
            Some(bytes) => reply::picture(practice, bytes, in_flight),
            None => reply::plain(StatusCode::NOT_FOUND, "no such image"),
        },
        ["trouble", name] => match trouble::behaviour(name) {
            Some((place, behaviour)) => {
                let bytes = picture::paint(trouble::picture(place));
                reply::troubled(practice, behaviour, bytes, in_flight)
            }
            None => reply::plain(StatusCode::NOT_FOUND, "no such image"),
        },
        _ => {
            let requests = in_flight.number;
            let answer = api(&practice, &request, &path, &client, requests);
            imgur::with_limits(answer, requests).map(reply::whole)
        }
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
    let found = match path {
        ["3", "credits"] => return imgur::answer(&imgur::credits(requests)),
        ["3", "album", id, "images"] | ["3", "album", id] | ["post", "v1", "albums", id] => {
            practice.images(id, &host).map(|images| (*id, images))
        }
        _ => {
            let message = "Imgur knows no such call";
            return imgur::error(StatusCode::NOT_FOUND, message, request.uri().path());
        }
    };
    match found {
        Some((id, images)) => {
            practice.observer.forget_tries(client);
            match path[0] {
                "post" => imgur::bare(&imgur::post(id, &images)),
                _ if path.len() == 4 => imgur::answer(&images),
                _ => imgur::answer(&imgur::album(id, &images, &host)),
            }
        }
        None if path[0] == "post" => imgur::no_post(),
        None => {
            let id = path[2];
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
