//! The gate: holds images back until enough of them are wanted at the same time.

use std::time::Duration;
use tokio::sync::watch;
use tokio::time;

/// No image is answered until `requests` of them are in flight.
///
/// A program that asks for fewer at a time never opens the gate: after `timeout` every request that
/// waits, and every later one, is answered with 503.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// How many image requests must be in flight.
    pub requests: usize,
    /// How long they may take to come together.
    pub timeout: Duration,
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

    /// Closes the gate, or takes it away; whoever waits follows the new one. It opens at once if so
    /// many images are in flight already.
    pub fn set(&self, gate: Option<Gate>, images: usize) {
        self.0.send_replace(gate.map_or(State::Open, State::Closed));
        self.arrived(images);
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

    /// Waits until the gate opens; false if it did not within its limit. Where another gate takes its
    /// place, it is that one that counts, from then on.
    pub async fn pass(&self) -> bool {
        let mut changes = self.0.subscribe();
        loop {
            let state = *changes.borrow_and_update();
            let State::Closed(gate) = state else {
                return state.is_open();
            };
            if time::timeout(gate.timeout, changes.changed()).await.is_err() {
                self.decide(false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn gate(requests: usize, timeout: Duration) -> Gate {
        Gate { requests, timeout }
    }
    const LONG: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn whoever_waits_follows_the_new_gate() {
        let gateway = Gateway::new(Some(gate(20, Duration::from_millis(20))));
        let (passed, ()) = tokio::join!(gateway.pass(), async {
            gateway.set(Some(gate(20, LONG)), 5);
            // The old one would have given up by now.
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert!(gateway.state().is_closed());
            gateway.set(Some(gate(6, LONG)), 5);
            assert!(gateway.state().is_closed(), "one is missing");
            gateway.set(Some(gate(5, LONG)), 5);
        });
        assert!(passed, "five are enough for the last one");
    }

    #[tokio::test]
    async fn a_gate_gives_up_after_its_own_limit() {
        let gateway = Gateway::new(Some(gate(20, LONG)));
        let (passed, ()) = tokio::join!(gateway.pass(), async {
            gateway.set(Some(gate(20, Duration::from_millis(1))), 5);
        });
        assert!(!passed);
        assert!(!gateway.pass().await, "it stays so");
    }
}
