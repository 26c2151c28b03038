//! Records requests while they are in flight.

use super::agent::Client;
use super::observed::Observed;
use super::records::{Arrival, Records, Snapshot};
use super::run::RequestKind;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The records of a server, and its clock. Clones share them.
#[derive(Clone)]
pub struct Observer {
    started: Instant,
    records: Arc<Mutex<Records>>,
}

impl Observer {
    pub fn new() -> Self {
        Self { started: Instant::now(), records: Arc::new(Mutex::new(Records::new())) }
    }

    pub fn observed(&self) -> Observed {
        self.records().observed()
    }

    pub fn images_in_flight(&self) -> usize {
        self.records().images_in_flight
    }

    /// Counts a connection.
    pub fn connected(&self) {
        self.records().connections += 1;
    }

    /// Records a request, which is in flight until the result is dropped.
    pub fn arrived(&self, target: &str, client: Client, kind: RequestKind) -> InFlight {
        let now = self.now();
        let arrival = self.records().arrived(target, &client, kind, now);
        InFlight {
            observer: self.clone(),
            arrival,
            client,
            kind,
            status: AtomicU16::new(0),
            complete: AtomicBool::new(true),
        }
    }

    /// Everything, for the live view.
    pub fn all(&self) -> Snapshot {
        self.records().all(self.now())
    }

    /// What changed since the last call of this function.
    pub fn changes(&self) -> Snapshot {
        self.records().changes(self.now())
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap()
    }
}

/// A request whose response is not complete.
pub struct InFlight {
    observer: Observer,
    pub arrival: Arrival,
    client: Client,
    kind: RequestKind,
    /// 0 until there is a response.
    status: AtomicU16,
    complete: AtomicBool,
}

impl InFlight {
    /// The client has got the list of an album.
    pub fn listed_album(&self) {
        self.observer.records().listed_album(&self.client);
    }

    /// The head of the response is sent.
    pub fn responded(&self, status: u16) {
        self.status.store(status, Relaxed);
        let now = self.observer.now();
        self.observer.records().responded(&self.arrival, self.kind, status, now);
    }

    /// The response has a body; without its last bytes it is not complete.
    pub fn expect_body(&self) {
        self.complete.store(false, Relaxed);
    }

    /// Bytes of the body are sent. `complete` says whether they are the last ones.
    pub fn sent(&self, bytes: usize, complete: bool) {
        self.complete.store(complete, Relaxed);
        self.observer.records().sent(&self.arrival, bytes);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let now = self.observer.now();
        let (status, complete) = (self.status.load(Relaxed), self.complete.load(Relaxed));
        self.observer.records().finished(&self.arrival, status, complete, now);
    }
}
