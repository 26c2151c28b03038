//! The server itself: its settings, its life, and its connections, on a thread of its own.

use crate::album::Album;
use crate::answer::{Practice, Request, answer};
use crate::gate::{Gate, Gateway};
use crate::live::{self, HangUp, Watchers};
use crate::network::Network;
use crate::observe::{Observed, Observer};
use crate::picture;
use crate::rules::Rules;
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::Cell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;
use std::time::Duration;
use std::{io, thread};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long nobody new is let in after that has failed.
const BREATH: Duration = Duration::from_millis(100);

/// How long a connection may be without a request. Longer than any pause that a program makes, and a
/// program that comes back later just opens another one.
const IDLE: Duration = Duration::from_secs(90);
/// So many connections may come from one other machine: more than from a class behind one address,
/// and fewer than there can be open files.
const OF_ONE: usize = 4_000;

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
    /// `Retry-After` of a second, unless its client holds less than an equal share. None: no limit.
    pub limit: Option<usize>,
    /// What lets another machine than this one control the server, on its page. None: nothing.
    pub token: Option<String>,
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
            token: None,
        }
    }
}

/// A running practice server. It ends when this is dropped.
pub struct Server {
    practice: Arc<Practice>,
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
        let practice = Arc::new(Practice {
            album: Album::new(settings.images),
            network: Network::new(Rules {
                latency: settings.latency,
                link_rate: settings.link_rate,
                faulty: 0,
                limit: settings.limit,
            }),
            observer: Observer::new(),
            gateway: Gateway::new(settings.gate),
            watchers: Watchers::new(),
            images: AtomicU64::new(0),
            token: settings.token.clone(),
            address,
            reachable: reachable(address),
        });
        let (stop, stopped) = oneshot::channel();
        let state = Arc::clone(&practice);
        let thread = thread::Builder::new()
            .name("practice-server".into())
            .spawn(move || run(listener, &state, stopped))?;
        Ok(Self { practice, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.practice.address
    }

    /// The address that other machines know it by, where it listens on all of this one's.
    pub fn reachable(&self) -> SocketAddr {
        self.practice.reachable
    }

    /// The address to put into `IMGUR_API_URL`.
    pub fn api_url(&self) -> String {
        format!("http://{}/3", self.address())
    }

    /// Opens the gate, whoever is there.
    pub fn open_gate(&self) {
        self.practice.gateway.decide(true);
    }

    /// The names of the practice album's files, in its order. Each lies at the server's root.
    pub fn names(&self) -> Vec<String> {
        self.practice.album.ids().iter().map(|id| format!("{id}.png")).collect()
    }

    /// The bytes of an image of the practice album, by the name of its file.
    pub fn file(&self, name: &str) -> Option<Bytes> {
        self.practice.album.file(name)
    }

    /// What it saw up to now.
    pub fn observed(&self) -> Observed {
        self.practice.observer.observed()
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

/// The address that other machines know this one by, where it listens on all of its addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    // Choosing the way to some address elsewhere sends nothing; it tells which address is used.
    let own = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(("192.0.2.1", 9)).and_then(|()| socket.local_addr()));
    let own = own.map_or(Ipv4Addr::LOCALHOST.into(), |own| own.ip());
    SocketAddr::new(own, address.port())
}

#[tokio::main(flavor = "current_thread")]
async fn run(
    listener: std::net::TcpListener,
    practice: &Arc<Practice>,
    stop: oneshot::Receiver<()>,
) {
    let listener = TcpListener::from_std(listener).expect("it does not block");
    drop(tokio::spawn(live::send_frames(Arc::clone(practice))));
    tokio::select! {
        () = serve(listener, practice) => {}
        _ = stop => live::send_last_frame(practice).await,
    }
}

async fn serve(listener: TcpListener, practice: &Arc<Practice>) {
    let mut connections = Connections::default();
    loop {
        let Ok((connection, from)) = listener.accept().await else {
            // Too many open files, most likely: some will be closed soon.
            sleep(BREATH).await;
            continue;
        };
        let Some(place) = connections.enter(from.ip().to_canonical()) else { continue };
        // Without it small packets wait for each other, an extra latency that nobody asked for.
        drop(connection.set_nodelay(true));
        let practice = Arc::clone(practice);
        let is_counted = Cell::new(false);
        let hang_up = HangUp::default();
        let ended = Arc::clone(&hang_up);
        let service = service_fn(move |mut request: Request| {
            let _none = request.extensions_mut().insert(Arc::clone(&hang_up));
            let practice = Arc::clone(&practice);
            let is_new = !live::is_asked_for(&request) && !is_counted.replace(true);
            if is_new {
                practice.observer.connected();
            }
            async move { Ok::<_, Infallible>(answer(practice, from, request).await) }
        });
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(IDLE)
            .serve_connection(TokioIo::new(connection), service);
        // Whatever ends a connection early, its client sees it.
        drop(tokio::spawn(async move {
            tokio::select! {
                _ = serving => {}
                () = ended.notified() => {}
            }
            drop(place);
        }));
    }
}

/// The open connections of each address: one holder more than there are connections.
#[derive(Default)]
struct Connections(HashMap<IpAddr, Arc<()>>);

impl Connections {
    /// A place for another connection, until it is dropped; none if the address has too many.
    fn enter(&mut self, address: IpAddr) -> Option<Arc<()>> {
        self.0.retain(|_, places| Arc::strong_count(places) > 1);
        let places = self.0.entry(address).or_default();
        let has_room = address.is_loopback() || Arc::strong_count(places) <= OF_ONE;
        has_room.then(|| Arc::clone(places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_cannot_take_all_connections() {
        let mut connections = Connections::default();
        let [flood, other]: [IpAddr; 2] = [[10, 0, 0, 1].into(), [10, 0, 0, 2].into()];
        let mut places: Vec<_> = std::iter::from_fn(|| connections.enter(flood)).collect();
        assert_eq!(places.len(), OF_ONE);
        assert!(connections.enter(other).is_some());
        drop(places.pop());
        assert!(connections.enter(flood).is_some(), "one has ended");
        let here = Ipv4Addr::LOCALHOST.into();
        let own: Vec<_> = (0..=OF_ONE).map_while(|_| connections.enter(here)).collect();
        assert_eq!(own.len(), OF_ONE + 1, "this machine may have as many as it can");
        drop((places, own));
        assert!(connections.enter(other).is_some());
        assert_eq!(connections.0.len(), 1, "who has none is forgotten");
    }
}
