//! A request from its arrival until its response is complete or given up.

use super::agent::Client;
use super::records::Records;
use super::run::RequestKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

/// A request in flight. Dropping it records its end.
pub struct InFlight {
    records: Arc<Mutex<Records>>,
    id: usize,
    /// Who sent the request.
    pub client: Client,
    /// The client's end of the connection.
    pub from: SocketAddr,
    /// Whether the method is HEAD.
    pub is_head: bool,
    /// Image requests in flight when this request arrived, except those that are refused. Includes
    /// this request if it is for an image.
    pub images: usize,
    /// See [`LoggedRequest::attempt`](super::LoggedRequest::attempt).
    pub attempt: usize,
}

impl InFlight {
    /// Records the arrival of a request.
    pub fn new(
        records: &Arc<Mutex<Records>>,
        target: &str,
        client: Client,
        kind: RequestKind,
        from: SocketAddr,
        is_head: bool,
    ) -> Self {
        let mut all = records.lock().unwrap();
        let (id, attempt) = all.arrived(target, &client, kind, from, is_head);
        let images = all.images_in_flight;
        Self { records: Arc::clone(records), id, client, from, is_head, images, attempt }
    }

    /// How many requests had arrived, including this one.
    pub fn requests(&self) -> usize {
        self.id + 1
    }

    /// Restarts the client's attempts at 1, because it has listed an album.
    pub fn listed_album(&self) {
        self.records.lock().unwrap().attempts.reset(&self.client);
    }

    /// Records that the request will get status 429. It no longer counts toward the limit and the
    /// gate.
    pub fn refused(&self) {
        self.records.lock().unwrap().refused(self.id);
    }

    /// Records that the run waits for its start. Returns false if it has started already.
    pub fn waits(&self) -> bool {
        self.records.lock().unwrap().waits(self.id)
    }

    /// Records that the run starts now.
    pub fn starts(&self) {
        self.records.lock().unwrap().starts(self.id);
    }

    /// Records that the status and headers are sent.
    pub fn responded(&self, status: u16) {
        self.records.lock().unwrap().responded(self.id, status);
    }

    /// Records that `bytes` bytes of the body are sent. `complete` says whether they are the last
    /// ones.
    pub fn sent(&self, bytes: usize, complete: bool) {
        self.records.lock().unwrap().sent(self.id, bytes, complete);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.records.lock().unwrap().finished(self.id);
    }
}
