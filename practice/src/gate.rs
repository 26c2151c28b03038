//! The gate: holds images back until enough of them are wanted at the same time.

use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// No image is answered until `requests` of them are in flight.
///
/// A program that asks for fewer at a time never opens the gate: after `limit` every request that
/// waits, and every later one, is answered with 503.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// How many image requests must be in flight.
    pub requests: usize,
    /// How long they may take to come together.
    pub limit: Duration,
}

/// How a gate stands.
#[derive(Clone, Copy, Debug)]
pub enum State {
    Open,
    Closed(Gate),
    /// Not enough have come in time.
    GivenUp,
}

impl State {
    fn is_closed(&self) -> bool {
        matches!(self, Self::Closed(_))
    }

    fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

/// The place where images pass, with or without a gate.
pub struct Gateway(watch::Sender<State>);

impl Gateway {
    pub fn new(gate: Option<Gate>) -> Self {
        Self(watch::Sender::new(gate.map_or(State::Open, State::Closed)))
    }

    pub fn state(&self) -> State {
        *self.0.borrow()
    }

    /// Closes the gate, or takes it away; whoever waits follows the new one.
    pub fn set(&self, gate: Option<Gate>) {
        self.0.send_replace(gate.map_or(State::Open, State::Closed));
    }

    /// Opens a gate that is closed, or gives up on it.
    pub fn decide(&self, open: bool) {
        self.0.send_if_modified(|state| {
            let closed = state.is_closed();
            if closed {
                *state = if open { State::Open } else { State::GivenUp };
            }
            closed
        });
    }

    /// So many images are in flight: opens the gate if that is enough.
    pub fn arrived(&self, images: usize) {
        if matches!(self.state(), State::Closed(gate) if images >= gate.requests) {
            self.decide(true);
        }
    }

    /// Waits until the gate opens; false if it did not within its limit.
    pub async fn pass(&self) -> bool {
        let State::Closed(gate) = self.state() else {
            return self.state().is_open();
        };
        let mut state = self.0.subscribe();
        let decided = state.wait_for(|state| !state.is_closed());
        if let Ok(Ok(decided)) = timeout(gate.limit, decided).await {
            return decided.is_open();
        }
        self.decide(false);
        self.state().is_open()
    }
}
