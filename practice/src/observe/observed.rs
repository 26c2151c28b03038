//! What a test sees of the requests.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// What a server has observed since its start. The live view's own requests are not counted.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Requests whose response is not complete.
    pub in_flight: usize,
    /// The maximum of `in_flight`.
    pub peak_in_flight: usize,
    /// Connections with at least one request.
    pub connections: usize,
    /// All requests, including those for an album.
    pub requests: usize,
    /// Requests for an image that the same client had requested before.
    pub retries: usize,
    /// The last 20,000 requests in the order of their arrival.
    pub log: VecDeque<LoggedRequest>,
}

/// A request as the server recorded it.
#[derive(Clone, Debug)]
pub struct LoggedRequest {
    /// Path and query, cut to 200 bytes.
    pub target: String,
    /// The `User-Agent` header, cut to 600 bytes.
    pub user_agent: String,
    /// The client's end of the connection.
    pub from: SocketAddr,
    /// Whether the method is HEAD.
    pub is_head: bool,
    /// When it arrived, counted from the start of the server.
    pub arrived: Duration,
    /// When its response was complete or given up; `None` while it is in flight.
    pub finished: Option<Duration>,
    /// The status of the response; 0 until there is one.
    pub status: u16,
    /// Whether the whole response has been sent.
    pub complete: bool,
    /// 1 for the client's first request for this image since it last listed an album, 2 for the
    /// next one. 0 if the request is not for an image.
    pub attempt: usize,
}
