//! The settings of a server.

use crate::album::picture;
use crate::book::Book;
use crate::gate::Gate;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

/// How the server behaves. By default, downloads take about a tenth of the time that they took in
/// the 2019 article.
///
/// ```
/// use practice::{Gate, Server, Settings};
/// use std::time::Duration;
///
/// // Holds all images until five requests are in flight: opened by five workers, not by four.
/// let gate = Gate { requests: 5, timeout: Duration::from_secs(10) };
/// let server = Server::start(&Settings {
///     latency: Duration::ZERO,
///     link_rate: None,
///     gate: Some(gate),
///     ..Settings::default()
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on. Default: 127.0.0.1 and a free port.
    pub listen: SocketAddr,
    /// The delay of each response. Default: 83 ms.
    pub latency: Duration,
    /// Bytes per second of the link that all responses share, or `None` for no limit. Default: 8 MB/s.
    pub link_rate: Option<u64>,
    /// Who gets an equal share of the link. Default: each client.
    pub sharing: Sharing,
    /// The round trips, of one latency each, that a new connection takes before its first response:
    /// 1 for TCP, 2 with TLS 1.3. Default: 0.
    pub handshake: u32,
    /// Whether the congestion window of a new connection begins with ten segments of 1,460 bytes
    /// (RFC 6928) and doubles each round trip. Default: no.
    pub slow_start: bool,
    /// The number of images in the practice album. Default: 40.
    pub images: usize,
    /// Bytes of each image, approximately (at least 1,000). `None`: a real album's sizes, from 20 to
    /// 900 KB. Default: none.
    pub image_bytes: Option<usize>,
    /// Holds images until enough requests are in flight. Default: none.
    pub gate: Option<Gate>,
    /// Max image requests in flight; any above it gets status 429 with `Retry-After: 1`. Default:
    /// none.
    pub limit: Option<usize>,
    /// The token that lets other machines control the server on its page. Default: none. Then only
    /// this machine can.
    pub token: Option<String>,
    /// The book, served at `/book/`. Default: none.
    pub book: Option<Book>,
    /// A folder that keeps the experiments: a server that starts with it later shows them, too. It is
    /// created if it doesn't exist. Default: none.
    pub keep: Option<PathBuf>,
    /// Serves the run of a program that is judged: the names and the pictures of the album are drawn
    /// from this number, each image request is held until [`Server::release`](crate::Server::release)
    /// chooses its response, and there is no live view. Default: none.
    pub judged: Option<u64>,
}

/// Who gets an equal share of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum Sharing {
    /// Each client: each run of a program, however many requests it has in flight
    #[serde(rename = "client")]
    #[value(name = "client")]
    PerClient,
    /// Each request: a client with more requests in flight gets more of the link
    #[serde(rename = "request")]
    #[value(name = "request")]
    PerRequest,
}

/// Bounds of what a teacher can set, at the start or on the page. Tests may exceed them.
impl Settings {
    /// Max latency, in milliseconds: a third of the programs' timeout.
    pub const MAX_LATENCY: u32 = 10_000;
    /// Max round trips of a handshake. DNS, TCP and TLS 1.2 take four.
    pub const MAX_HANDSHAKE: u32 = 10;
    /// Rates of the link, in megabytes per second. 0 means no limit.
    pub const LINK_RATES: RangeInclusive<f64> = 0.05..=100_000.0;
    /// Max requests in a limit or a gate: about the number of connections that can be open.
    pub const MAX_REQUESTS: u32 = 10_000;
    /// Max images in the album. The programs read lists of at most 32 MiB.
    pub const MAX_IMAGES: u32 = 40_000;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            latency: Duration::from_millis(83),
            link_rate: Some(8_000_000),
            sharing: Sharing::PerClient,
            handshake: 0,
            slow_start: false,
            images: picture::COUNT,
            image_bytes: None,
            gate: None,
            limit: None,
            token: None,
            book: None,
            keep: None,
            judged: None,
        }
    }
}
