//! The simulated network: a latency, and one link that all responses share.
//!
//! Without it, responses would arrive immediately over the loopback connection, and concurrency
//! would gain nothing. A change of the rules also applies to responses in progress.

use crate::observe::Client;
use crate::rules::Rules;
use crate::settings::Sharing;
use bytes::Bytes;
use std::collections::HashMap;
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

/// A response that is being sent.
pub struct Transfer {
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

    /// Waits until the latency has passed.
    pub async fn travel(&self) {
        let started = Instant::now();
        let mut rules = self.rules.clone();
        loop {
            let arrives = started + rules.borrow_and_update().latency;
            // Even a sleep of zero would wait for the next tick of the timer.
            if arrives <= Instant::now()
                || !matches!(timeout_at(arrives, rules.changed()).await, Ok(Ok(())))
            {
                return;
            }
        }
    }

    /// Begins to send a response to this client.
    pub fn transfer(&self, client: &Client) -> Transfer {
        let mut queues = self.queues.lock().unwrap();
        let queue = queues.get(client).and_then(Weak::upgrade).unwrap_or_else(|| {
            // Forgets the clients whose responses have all been sent.
            queues.retain(|_, queue| queue.strong_count() > 0);
            let queue = Arc::default();
            queues.insert(client.clone(), Arc::downgrade(&queue));
            queue
        });
        Transfer { queue, ready: Instant::now() }
    }

    /// Takes a chunk of at most `max` bytes from the front of `bytes`, waits until the link has
    /// sent it, and returns it.
    ///
    /// A response queues twice: among the responses to its own client, then, as the only one of its
    /// client, at the link. So the clients take turns at the link, and each gets the same share of
    /// it, whether it has one request in flight or a hundred. When the link is shared per request,
    /// all responses queue at the link, and a client with a hundred requests gets a hundred shares.
    pub async fn send(&self, transfer: &mut Transfer, bytes: &mut Bytes, max: usize) -> Bytes {
        let sharing = self.rules.borrow().sharing;
        // Held until the chunk is sent: until then, no other response to this client may queue at
        // the link.
        let _turn = match sharing {
            Sharing::PerClient => Some(transfer.queue.lock().await),
            Sharing::PerRequest => None,
        };
        let mut free_at = self.link.lock().await;
        // Only now, because the rate may have changed while the response waited.
        let rate = self.rules.borrow().link_rate;
        let chunk = bytes.split_to(chunk(rate).min(max).min(bytes.len()));
        let now = Instant::now();
        let sent = rate.map_or(now, |rate| {
            let start = transfer.ready.max(*free_at);
            start + Duration::from_secs_f64(chunk.len() as f64 / rate as f64)
        });
        if sent > now {
            sleep_until(sent).await;
        }
        (*free_at, transfer.ready) = (sent, sent);
        chunk
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
