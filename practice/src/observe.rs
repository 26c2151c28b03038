//! What the server saw: the judge of every program that claims to be concurrent.

use crate::live::{Asked, Runs, Ticket};
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The log forgets what is older than this many requests, so that a long lesson stays small.
const LOG: usize = 20_000;
/// The same for the images of which the tries are remembered, those of all clients together.
const TRIES: usize = 200_000;
/// A target is remembered up to this many bytes.
const LONGEST_TARGET: usize = 200;
/// And a user agent: forty characters of a name may take 480.
const LONGEST_AGENT: usize = 600;

/// What the server saw up to now.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Requests that are being answered now.
    pub in_flight: usize,
    /// The most requests that were being answered at one time.
    pub peak_in_flight: usize,
    /// Connections on which something other than the live view was asked for.
    pub connections: usize,
    /// Requests in all, those for the album included.
    pub requests: usize,
    /// Image requests that came after an earlier one of the same client for the same image.
    pub retries: usize,
    /// The last requests, in the order in which they came.
    pub log: VecDeque<LoggedRequest>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct LoggedRequest {
    /// Path and query, as they came.
    pub target: String,
    /// The program that asked, by its own word.
    pub user_agent: String,
    /// When it came, counted from the start of the server.
    pub arrived: Duration,
    /// When its answer was complete or given up.
    pub finished: Option<Duration>,
    /// How many times this client has asked for this image, this time included; 0 for the API.
    pub attempt: usize,
}

/// Keeps the count. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Observer {
    started: Instant,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    observed: Observed,
    images_in_flight: usize,
    /// How many of them each address holds; those that hold none are not listed.
    holding: HashMap<IpAddr, Holding>,
    tries: HashMap<Client, HashMap<String, usize>>,
    tried: usize,
    runs: Runs,
}

/// The images in flight of one address.
#[derive(Default)]
struct Holding {
    images: usize,
    /// How many of them each program there asked for.
    agents: HashMap<String, usize>,
}

/// How the images in flight are shared out.
#[derive(Clone, Copy, Default)]
pub struct Load {
    /// How many there are.
    pub images: usize,
    /// How many addresses asked for them.
    pub addresses: usize,
    /// How many of them one's own address asked for,
    pub of_address: usize,
    /// how many clients there are at that address,
    pub clients: usize,
    /// and how many of them one's own client asked for.
    pub own: usize,
}

/// Who asks: an address and a program. Students behind one address differ by what they run.
pub type Client = (IpAddr, String);

impl Observer {
    pub fn new() -> Self {
        Self { started: Instant::now(), counts: Arc::default() }
    }

    pub fn observed(&self) -> Observed {
        self.counts.lock().unwrap().observed.clone()
    }

    /// How many images are in flight.
    pub fn images(&self) -> usize {
        self.counts.lock().unwrap().images_in_flight
    }

    pub fn connected(&self) {
        self.counts.lock().unwrap().observed.connections += 1;
    }

    /// A client that lists an album starts anew: what it asked for before is not a retry.
    pub fn forget_tries(&self, client: &Client) {
        let mut counts = self.counts.lock().unwrap();
        let forgotten = counts.tries.remove(client).map_or(0, |tries| tries.len());
        counts.tried -= forgotten;
    }

    /// A request has come. It is in flight until what this returns is dropped.
    pub fn arrived(&self, target: &str, client: Client, asked: Asked) -> InFlight {
        let is_image = asked == Asked::Image;
        let came = self.started.elapsed();
        let target = beginning(target, LONGEST_TARGET);
        let mut counts = self.counts.lock().unwrap();
        let attempt = if is_image { counts.attempt(&client, target) } else { 0 };
        let load = if is_image { counts.hold(&client) } else { Load::default() };
        let ticket = counts.runs.begin(&client, asked, milliseconds(came));
        let observed = &mut counts.observed;
        observed.requests += 1;
        observed.retries += usize::from(attempt > 1);
        observed.in_flight += 1;
        observed.peak_in_flight = observed.peak_in_flight.max(observed.in_flight);
        observed.log.push_back(LoggedRequest {
            target: target.to_owned(),
            user_agent: client.1.clone(),
            arrived: came,
            finished: None,
            attempt,
        });
        if observed.log.len() > LOG {
            drop(observed.log.pop_front());
        }
        InFlight {
            observer: self.clone(),
            number: observed.requests,
            load,
            attempt,
            client,
            is_image,
            ticket,
            status: AtomicU16::new(0),
            whole: AtomicBool::new(true),
        }
    }

    /// For those who look on: what there is now, or what has changed since the last frame.
    pub fn snapshot(&self, all: bool) -> Snapshot {
        let now = milliseconds(self.started.elapsed());
        let mut counts = self.counts.lock().unwrap();
        let mut runs = String::new();
        counts.runs.write(&mut runs, all);
        let kept = if all { None } else { counts.runs.kept() };
        let Observed { in_flight, peak_in_flight: peak, requests, .. } = counts.observed;
        let Runs { bytes, failures, .. } = counts.runs;
        Snapshot { now, in_flight, peak, requests, bytes, failures, runs, kept }
    }

    fn now(&self) -> u64 {
        milliseconds(self.started.elapsed())
    }
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis() as u64
}

/// A client, with as much of its user agent as is remembered.
pub fn client(address: IpAddr, agent: &str) -> Client {
    (address.to_canonical(), beginning(agent, LONGEST_AGENT).to_owned())
}

fn beginning(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

/// What the live view shows.
pub struct Snapshot {
    /// Milliseconds since the server's start.
    pub now: u64,
    pub in_flight: usize,
    pub peak: usize,
    pub requests: usize,
    pub bytes: u64,
    pub failures: usize,
    /// The runs, as a JSON list.
    pub runs: String,
    /// The numbers of the runs that are remembered, if that has changed.
    pub kept: Option<Vec<u64>>,
}

impl Counts {
    fn attempt(&mut self, client: &Client, target: &str) -> usize {
        if self.tried >= TRIES {
            self.tries.clear();
            self.tried = 0;
        }
        let tries = self.tries.entry(client.clone()).or_default();
        let attempt = tries.entry(target.to_owned()).or_default();
        *attempt += 1;
        self.tried += usize::from(*attempt == 1);
        *attempt
    }

    /// One more image for this client.
    fn hold(&mut self, (address, agent): &Client) -> Load {
        self.images_in_flight += 1;
        let holding = self.holding.entry(*address).or_default();
        holding.images += 1;
        let own = holding.agents.entry(agent.clone()).or_default();
        *own += 1;
        Load {
            own: *own,
            clients: holding.agents.len(),
            of_address: holding.images,
            addresses: self.holding.len(),
            images: self.images_in_flight,
        }
    }

    fn release(&mut self, (address, agent): &Client) {
        self.images_in_flight -= 1;
        let Some(holding) = self.holding.get_mut(address) else { return };
        holding.images -= 1;
        if let Some(own) = holding.agents.get_mut(agent) {
            *own -= 1;
        }
        if holding.agents.get(agent) == Some(&0) {
            let _zero = holding.agents.remove(agent);
        }
        if holding.images == 0 {
            let _empty = self.holding.remove(address);
        }
    }
}

/// A request that is being answered.
pub struct InFlight {
    observer: Observer,
    /// How many requests there have been with it.
    pub number: usize,
    /// What images were in flight when it came, itself included. Nothing if it is for no image.
    pub load: Load,
    /// See [`LoggedRequest::attempt`].
    pub attempt: usize,
    client: Client,
    is_image: bool,
    ticket: Option<Ticket>,
    /// 0 until there is one.
    status: AtomicU16,
    whole: AtomicBool,
}

impl InFlight {
    /// Who asks.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The head of the answer is there.
    pub fn answered(&self, status: u16) {
        self.status.store(status, Relaxed);
        if let Some(ticket) = self.ticket {
            let now = self.observer.now();
            self.observer.counts.lock().unwrap().runs.answered(ticket, status, now);
        }
    }

    /// A body follows, without which the answer is not complete.
    pub fn expect_body(&self) {
        self.whole.store(false, Relaxed);
    }

    /// A part of the body is on its way; `whole` if it was the last.
    pub fn sent(&self, bytes: usize, whole: bool) {
        self.whole.store(whole, Relaxed);
        self.observer.counts.lock().unwrap().runs.sent(self.ticket, bytes);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let done = self.observer.started.elapsed();
        let (status, whole) = (self.status.load(Relaxed), self.whole.load(Relaxed));
        let mut counts = self.observer.counts.lock().unwrap();
        if self.is_image {
            counts.release(&self.client);
        }
        counts.runs.end(self.ticket, status, whole, milliseconds(done));
        let observed = &mut counts.observed;
        observed.in_flight -= 1;
        let behind = observed.requests - self.number;
        if let Some(place) = observed.log.len().checked_sub(behind + 1) {
            observed.log[place].finished = Some(done);
        }
    }
}
