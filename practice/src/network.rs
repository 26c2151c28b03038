//! The simulated network: a latency, and one link that all responses share. On request, connections
//! have a cost, too: the round trips of a handshake, and a slow start.
//!
//! Without it, responses would arrive immediately over the loopback connection, and concurrency
//! would gain nothing. A change of the rules also applies to responses in progress.

use crate::observe::Client;
use crate::rules::Rules;
use crate::settings::Sharing;
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep_until, timeout_at};

/// A latency, and a link that sends the bytes of all responses one after another.
pub struct Network {
    rules: watch::Receiver<Rules>,
    /// The time at which the link has sent its last chunk. The mutex queues senders in the order in
    /// which they arrive; a sender that is dropped leaves the queue.
    link: Mutex<Instant>,
    /// The queues of the clients that are receiving a response.
    queues: std::sync::Mutex<HashMap<Client, Weak<Mutex<()>>>>,
}

/// What a connection remembers from one response to the next.
pub struct Connection {
    is_new: AtomicBool,
    /// The congestion window: the bytes that the sender may send before the first of them is
    /// acknowledged.
    window: AtomicUsize,
}

impl Connection {
    /// The window of a new connection: ten segments (RFC 6928).
    const INITIAL_WINDOW: usize = 10 * 1_460;

    pub fn new() -> Self {
        Self { is_new: true.into(), window: Self::INITIAL_WINDOW.into() }
    }
}

/// A response that is being sent.
pub struct Transfer {
    connection: Arc<Connection>,
    /// The bytes of the window that can still be sent, and when its first chunk was sent.
    room: usize,
    first_sent: Option<Instant>,
    /// Where the responses to one client wait for each other.
    queue: Arc<Mutex<()>>,
    /// The earliest time at which the next chunk can be sent. It advances to the time at which a
    /// chunk was due, not to the current time, so a timer that fires late costs no throughput.
    ready: Instant,
}

impl Network {
    pub fn new(rules: watch::Receiver<Rules>) -> Self {
        Self { rules, link: Mutex::new(Instant::now()), queues: std::sync::Mutex::default() }
    }

    /// Waits until a response can arrive: one latency, which is one round trip, and before it those
    /// of the handshake if the connection is new.
    pub async fn travel(&self, connection: &Connection) {
        let is_new = connection.is_new.swap(false, Relaxed);
        let round_trips = |rules: &Rules| 1 + if is_new { rules.handshake } else { 0 };
        self.after(Instant::now(), round_trips).await;
    }

    /// Waits until so many round trips have passed, and returns the time at which they had.
    async fn after(&self, started: Instant, round_trips: impl Fn(&Rules) -> u32) -> Instant {
        let mut rules = self.rules.clone();
        loop {
            let now = *rules.borrow_and_update();
            let due = started + now.latency * round_trips(&now);
            // Even a sleep of zero would wait for the next tick of the timer.
            if due <= Instant::now()
                || !matches!(timeout_at(due, rules.changed()).await, Ok(Ok(())))
            {
                return due;
            }
        }
    }

    /// Begins to send a response to this client on this connection.
    pub fn transfer(&self, client: &Client, connection: Arc<Connection>) -> Transfer {
        let mut queues = self.queues.lock().unwrap();
        let queue = queues.get(client).and_then(Weak::upgrade).unwrap_or_else(|| {
            // Forgets the clients whose responses have all been sent.
            queues.retain(|_, queue| queue.strong_count() > 0);
            let queue = Arc::default();
            queues.insert(client.clone(), Arc::downgrade(&queue));
            queue
        });
        // The client has acknowledged what came before this response.
        let room = connection.window.load(Relaxed);
        Transfer { connection, room, first_sent: None, queue, ready: Instant::now() }
    }

    /// Takes a chunk of at most `max` bytes from the front of `bytes`, waits until the link has
    /// sent it, and returns it.
    ///
    /// A response queues twice: among the responses to its own client, then, as the only one of its
    /// client, at the link. So the clients take turns at the link, and each gets the same share of
    /// it, whether it has one request in flight or a hundred. When the link is shared per request,
    /// all responses queue at the link, and a client with a hundred requests gets a hundred shares.
    pub async fn send(&self, transfer: &mut Transfer, bytes: &mut Bytes, max: usize) -> Bytes {
        self.open_window(transfer).await;
        let sharing = self.rules.borrow().sharing;
        // Held until the chunk is sent: until then, no other response to this client may queue at
        // the link.
        let _turn = match sharing {
            Sharing::PerClient => Some(transfer.queue.lock().await),
            Sharing::PerRequest => None,
        };
        let mut free_at = self.link.lock().await;
        // Only now, because the rules may have changed while the response waited.
        let Rules { link_rate: rate, slow_start, .. } = *self.rules.borrow();
        let room = if slow_start { transfer.room.max(1) } else { usize::MAX };
        let chunk = bytes.split_to(chunk(rate).min(max).min(room).min(bytes.len()));
        let now = Instant::now();
        let sent = rate.map_or(now, |rate| {
            let start = transfer.ready.max(*free_at);
            start + Duration::from_secs_f64(chunk.len() as f64 / rate as f64)
        });
        if sent > now {
            sleep_until(sent).await;
        }
        (*free_at, transfer.ready) = (sent, sent);
        transfer.first_sent.get_or_insert(sent);
        transfer.room = transfer.room.saturating_sub(chunk.len());
        // Each byte that is acknowledged lets the window grow by one byte: it doubles each round
        // trip, and the next response on this connection begins with what it has become.
        transfer.connection.window.fetch_add(chunk.len(), Relaxed);
        chunk
    }

    /// Slow start: when a window is sent, the next one opens one round trip after its first chunk.
    /// A window that takes the link longer than a round trip causes no wait.
    async fn open_window(&self, transfer: &mut Transfer) {
        if transfer.room > 0 {
            return;
        }
        let first_sent = transfer.first_sent.take().unwrap_or(transfer.ready);
        let opens = self.after(first_sent, |rules| rules.slow_start.into()).await;
        transfer.ready = transfer.ready.max(opens);
        transfer.room = transfer.connection.window.load(Relaxed);
    }
}

/// Bytes to send at a time: what the link sends in 2 ms. That is little enough that no response holds
/// the link for long, and the same for all, so that equal turns are equal shares.
fn chunk(rate: Option<u64>) -> usize {
    const MAX: usize = 64 << 10;
    rate.map_or(MAX, |rate| ((rate / 500) as usize).clamp(1 << 10, MAX))
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod theory;
