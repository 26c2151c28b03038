//! The practice servers of the checks: fast, unless a check says otherwise.

use practice::{Gate, Server, Settings};
use std::time::Duration;

/// Limits how long a gate holds responses. The checks open it earlier.
const GATE_TIMEOUT: Duration = Duration::from_secs(12);

/// A server with `images` images, 10 ms of latency, and no limit on its bandwidth.
pub fn settings(images: usize) -> Settings {
    Settings { images, latency: Duration::from_millis(10), link_rate: None, ..Settings::default() }
}

/// The same settings with a gate: no image is sent before `requests` requests are in flight.
pub fn gated(settings: &Settings, requests: usize) -> Settings {
    Settings { gate: Some(Gate { requests, timeout: GATE_TIMEOUT }), ..settings.clone() }
}

/// The same settings for a server that is down: it responds 503 to every image request
/// immediately.
pub fn down(settings: &Settings) -> Settings {
    Settings {
        gate: Some(Gate { requests: usize::MAX, timeout: Duration::ZERO }),
        ..settings.clone()
    }
}

/// Starts a server.
pub fn serve(settings: &Settings) -> Result<Server, String> {
    Server::start(settings).map_err(|error| format!("cannot start the practice server: {error}"))
}
