//! What the server saw: the judge of every program that claims to be concurrent.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// The log forgets what is older than this many requests, so that a long lesson stays small.
const LOG: usize = 20_000;
/// The same for clients of which the tries are remembered.
const CLIENTS: usize = 1_000;

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

/// What the server saw up to now.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Requests that are being answered now.
    pub in_flight: usize,
    /// The most requests that were being answered at one time.
    pub peak_in_flight: usize,
    /// Connections that were opened.
    pub connections: usize,
    /// Requests in all, those for the album included.
    pub requests: usize,
    /// Image requests that came after an earlier one of the same client for the same image.
    pub retries: usize,
    /// The last requests, in the order in which they came.
    pub log: VecDeque<Seen>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Path and query, as they came.
    pub target: String,
    /// The program that asked, by its own word.
    pub user_agent: String,
    /// When it came, counted from the start of the server.
    pub came: Duration,
    /// When its answer was complete or given up.
    pub done: Option<Duration>,
    /// How many times this client has asked for this image, this time included; 0 for the API.
    pub attempt: usize,
}

/// Keeps the count. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Observer {
    started: Instant,
    counts: Arc<Mutex<Counts>>,
    /// None: closed; true: open; false: given up.
    gate: watch::Sender<Option<bool>>,
    gate_size: usize,
}

#[derive(Default)]
struct Counts {
    observed: Observed,
    images_in_flight: usize,
    tries: HashMap<Client, HashMap<String, usize>>,
}

/// Who asks: an address and a program. Students behind one address differ by what they run.
pub type Client = (IpAddr, String);

impl Observer {
    pub fn new(gate: Option<Gate>) -> Self {
        Self {
            started: Instant::now(),
            counts: Arc::default(),
            gate: watch::Sender::new(gate.is_none().then_some(true)),
            gate_size: gate.map_or(0, |gate| gate.requests),
        }
    }

    pub fn observed(&self) -> Observed {
        self.counts.lock().unwrap().observed.clone()
    }

    pub fn connected(&self) {
        self.counts.lock().unwrap().observed.connections += 1;
    }

    /// A client that lists an album starts anew: what it asked for before is not a retry.
    pub fn forget_tries(&self, client: &Client) {
        drop(self.counts.lock().unwrap().tries.remove(client));
    }

    /// A request has come. It is in flight until what this returns is dropped.
    pub fn arrived(&self, target: &str, client: &Client, is_image: bool) -> InFlight {
        let mut counts = self.counts.lock().unwrap();
        let attempt = if is_image { counts.attempt(client, target) } else { 0 };
        counts.images_in_flight += usize::from(is_image);
        if counts.images_in_flight >= self.gate_size {
            self.decide(true);
        }
        let observed = &mut counts.observed;
        observed.requests += 1;
        observed.retries += usize::from(attempt > 1);
        observed.in_flight += 1;
        observed.peak_in_flight = observed.peak_in_flight.max(observed.in_flight);
        observed.log.push_back(Seen {
            target: target.to_owned(),
            user_agent: client.1.clone(),
            came: self.started.elapsed(),
            done: None,
            attempt,
        });
        if observed.log.len() > LOG {
            drop(observed.log.pop_front());
        }
        let number = observed.requests;
        let images = counts.images_in_flight;
        InFlight { observer: self.clone(), number, images, attempt, is_image }
    }

    /// Waits until the gate opens; false if it did not within its limit.
    pub async fn pass_gate(&self, gate: Option<Gate>) -> bool {
        let Some(gate) = gate else { return true };
        let mut state = self.gate.subscribe();
        let decided = state.wait_for(Option::is_some);
        if let Ok(Ok(open)) = tokio::time::timeout(gate.limit, decided).await {
            return open.unwrap_or_default();
        }
        self.decide(false);
        self.gate.borrow().unwrap_or_default()
    }

    /// Opens the gate or gives up on it, whichever is said first.
    pub fn decide(&self, open: bool) {
        self.gate.send_if_modified(|gate| {
            let closed = gate.is_none();
            *gate = gate.or(Some(open));
            closed
        });
    }
}

impl Counts {
    fn attempt(&mut self, client: &Client, target: &str) -> usize {
        if self.tries.len() >= CLIENTS && !self.tries.contains_key(client) {
            self.tries.clear();
        }
        let tries = self.tries.entry(client.clone()).or_default();
        let attempt = tries.entry(target.to_owned()).or_default();
        *attempt += 1;
        *attempt
    }
}

/// A request that is being answered.
pub struct InFlight {
    observer: Observer,
    /// How many requests there have been with it.
    pub number: usize,
    /// How many images were in flight when it came, itself included.
    pub images: usize,
    /// See [`Seen::attempt`].
    pub attempt: usize,
    is_image: bool,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut counts = self.observer.counts.lock().unwrap();
        counts.images_in_flight -= usize::from(self.is_image);
        let observed = &mut counts.observed;
        observed.in_flight -= 1;
        let behind = observed.requests - self.number;
        if let Some(place) = observed.log.len().checked_sub(behind + 1) {
            observed.log[place].done = Some(self.observer.started.elapsed());
        }
    }
}
