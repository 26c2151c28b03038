//! The gate: holds images until enough requests for images are in flight, or new runs until the
//! teacher starts them.

use std::time::Duration;
use tokio::sync::watch;
use tokio::time;

/// Holds all images until `requests` image requests are in flight, then opens for good.
///
/// A client with fewer requests in flight never opens the gate: after `timeout`, each request that
/// waits, and each later one, gets status 503.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// How many image requests must be in flight.
    pub requests: usize,
    /// How long the first request waits for the others.
    pub timeout: Duration,
}

/// The state of a gate.
#[derive(Clone, Copy, Debug)]
pub enum GateState {
    Open,
    Closed(Gate),
    /// Holds each new run at its request for an album. `Some`: how many runs the teacher expects.
    ForStart(Option<usize>),
    TimedOut,
}

impl From<Option<Gate>> for GateState {
    fn from(gate: Option<Gate>) -> Self {
        gate.map_or(Self::Open, Self::Closed)
    }
}

/// The gate that every run and every image request must pass.
pub struct ImageGate(watch::Sender<GateState>);

impl ImageGate {
    pub fn new(gate: Option<Gate>) -> Self {
        Self(watch::Sender::new(gate.into()))
    }

    pub fn state(&self) -> GateState {
        *self.0.borrow()
    }

    /// Replaces the gate, for waiting requests too. The new one opens immediately if
    /// `images_in_flight` is enough.
    pub fn set(&self, gate: Option<Gate>, images_in_flight: usize) {
        self.0.send_replace(gate.into());
        self.arrived(images_in_flight);
    }

    /// Closes the gate for new runs until it is [set](Self::set) again. Runs that are going pass it.
    pub fn wait_for_start(&self, expected: Option<usize>) {
        self.0.send_replace(GateState::ForStart(expected));
    }

    /// Waits until runs may start.
    pub async fn started(&self) {
        let for_start = |state: &GateState| matches!(state, GateState::ForStart(_));
        // Fails only if the gate is gone.
        let _ = self.0.subscribe().wait_for(|state| !for_start(state)).await;
    }

    /// Opens the gate if it is closed.
    pub fn open(&self) {
        self.end(GateState::Open);
    }

    /// Opens the gate if `images_in_flight` is enough.
    pub fn arrived(&self, images_in_flight: usize) {
        if matches!(self.state(), GateState::Closed(gate) if images_in_flight >= gate.requests) {
            self.open();
        }
    }

    /// Waits until the gate opens. Returns false if it timed out.
    pub async fn pass(&self) -> bool {
        let mut changes = self.0.subscribe();
        loop {
            let gate = match *changes.borrow_and_update() {
                GateState::Open | GateState::ForStart(_) => return true,
                GateState::TimedOut => return false,
                GateState::Closed(gate) => gate,
            };
            // After a change, the new gate's timeout starts.
            if time::timeout(gate.timeout, changes.changed()).await.is_err() {
                self.end(GateState::TimedOut);
            }
        }
    }

    /// Replaces the state `Closed` by `new`. Changes no other state.
    fn end(&self, new: GateState) {
        self.0.send_if_modified(|state| {
            let is_closed = matches!(state, GateState::Closed(_));
            if is_closed {
                *state = new;
            }
            is_closed
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_hours(1);

    fn is_closed(gate: &ImageGate) -> bool {
        matches!(gate.state(), GateState::Closed(_))
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiting_request_follows_the_new_gate() {
        let gate = ImageGate::new(Some(Gate { requests: 20, timeout: LONG }));
        let (passed, ()) = tokio::join!(gate.pass(), async {
            gate.set(Some(Gate { requests: 20, timeout: 3 * LONG }), 5);
            time::sleep(2 * LONG).await;
            assert!(is_closed(&gate), "the old timeout no longer applies");
            gate.set(Some(Gate { requests: 6, timeout: LONG }), 5);
            assert!(is_closed(&gate), "one is missing");
            gate.set(Some(Gate { requests: 5, timeout: LONG }), 5);
        });
        assert!(passed, "five are enough for the last gate");
    }

    #[tokio::test(start_paused = true)]
    async fn a_gate_that_timed_out_stays_shut() {
        let gate = ImageGate::new(Some(Gate { requests: 20, timeout: LONG }));
        assert!(!gate.pass().await);
        assert!(!gate.pass().await);
        gate.open();
        assert!(!gate.pass().await, "only another gate changes that");
        gate.set(None, 0);
        assert!(gate.pass().await);
    }
}
