//! What all connections of a server share.

use crate::album::Album;
use crate::book::Book;
use crate::gate::ImageGate;
use crate::network::Network;
use crate::observe::Records;
use crate::rules::Rules;
use crate::settings::Settings;
use crate::steps::Steps;
use crate::vote::Votes;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use tokio::sync::watch;

/// The state of a server.
pub struct State {
    /// The practice album.
    pub album: Arc<Album>,
    /// Delays all responses and sends the bodies of images.
    pub network: Network,
    /// Holds image requests until enough of them are in flight.
    pub gate: ImageGate,
    /// Holds each image request of a judged run.
    pub steps: Option<Steps>,
    /// The records of all requests. Each request in flight shares them, to record its progress.
    pub records: Arc<Mutex<Records>>,
    /// The rules at the start.
    pub first_rules: Rules,
    /// The current rules. A change also applies to waiting requests.
    pub rules: watch::Sender<Rules>,
    /// The question to the class.
    votes: Mutex<Votes>,
    /// Set once the first watcher follows the live view.
    pub watched: OnceLock<()>,
    /// Image requests that passed limit and gate. The number decides which get an injected failure.
    pub images_passed: AtomicU64,
    /// Lets other machines control the server on its page. `None`: only this machine can.
    pub token: Option<String>,
    /// The book that it serves.
    pub book: Option<Book>,
    /// The address that the server listens on.
    pub address: SocketAddr,
    /// `address`, or one that other machines can reach if the server listens on all addresses.
    pub reachable: SocketAddr,
}

impl State {
    pub fn new(settings: &Settings, address: SocketAddr) -> Arc<Self> {
        let first_rules = Rules::new(settings);
        let rules = watch::Sender::new(first_rules);
        Arc::new(Self {
            album: Album::new(
                settings.images,
                settings.judged.unwrap_or_default(),
                settings.image_bytes,
            ),
            network: Network::new(rules.subscribe()),
            gate: ImageGate::new(settings.gate),
            steps: settings.judged.map(|_| Steps::default()),
            records: Arc::new(Mutex::new(Records::new())),
            first_rules,
            rules,
            votes: Mutex::new(Votes::default()),
            watched: OnceLock::new(),
            images_passed: AtomicU64::new(0),
            token: settings.token.clone(),
            book: settings.book.clone(),
            address,
            reachable: reachable(address),
        })
    }

    /// The records of all requests.
    pub fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap()
    }

    /// The question to the class, and its answers.
    pub fn votes(&self) -> MutexGuard<'_, Votes> {
        self.votes.lock().unwrap()
    }

    /// The current rules.
    pub fn rules(&self) -> Rules {
        *self.rules.borrow()
    }
}

fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    // Connecting a UDP socket sends nothing, but makes the system choose the address of the
    // outgoing interface.
    let own = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(("192.0.2.1", 9)).and_then(|()| socket.local_addr()));
    SocketAddr::new(own.map_or(Ipv4Addr::LOCALHOST.into(), |own| own.ip()), address.port())
}
