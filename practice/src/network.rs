//! The simulated network: a latency, and one link that all responses share.
//!
//! Without it, responses would arrive immediately over the loopback connection, and concurrency
//! would gain nothing. A change of the rules also applies to responses in progress.

use crate::rules::Rules;
use bytes::Bytes;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep_until, timeout_at};

/// A latency, and a link that sends the bytes of all responses one after another.
pub struct Network {
    rules: watch::Receiver<Rules>,
    /// The time at which the link has sent its last chunk. The mutex queues senders in the order in
    /// which they arrive; a sender that is dropped leaves the queue.
    link: Mutex<Instant>,
}

impl Network {
    pub fn new(rules: watch::Receiver<Rules>) -> Self {
        Self { rules, link: Mutex::new(Instant::now()) }
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

    /// Takes a chunk of at most `max` bytes from the front of `bytes`, waits until the link has
    /// sent it, and returns it.
    ///
    /// `ready` is the earliest time at which the chunk can be sent. It advances to the time at
    /// which the chunk was due, not to the current time, so a timer that fires late costs no
    /// throughput.
    pub async fn send(&self, bytes: &mut Bytes, max: usize, ready: &mut Instant) -> Bytes {
        let mut free_at = self.link.lock().await;
        let rate = self.rules.borrow().link_rate;
        let chunk = bytes.split_to(chunk(rate).min(max).min(bytes.len()));
        let now = Instant::now();
        let sent = rate.map_or(now, |rate| {
            (*ready).max(*free_at) + Duration::from_secs_f64(chunk.len() as f64 / rate as f64)
        });
        if sent > now {
            sleep_until(sent).await;
        }
        (*free_at, *ready) = (sent, sent);
        chunk
    }
}

/// Bytes to send at a time: few enough that all responses share the link, and that none holds it for
/// long.
fn chunk(rate: Option<u64>) -> usize {
    const MAX: usize = 64 << 10;
    rate.map_or(MAX, |rate| ((rate / 500) as usize).clamp(1 << 10, MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::time::{sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    fn rules(latency: Duration, link_rate: Option<u64>) -> Rules {
        Rules { latency, link_rate, failure_rate: 0, limit: None }
    }

    fn network(rules: Rules) -> (watch::Sender<Rules>, Arc<Network>) {
        let (sender, receiver) = watch::channel(rules);
        (sender, Arc::new(Network::new(receiver)))
    }

    /// How long it takes to send `bytes` bytes.
    async fn time_to_send(network: Arc<Network>, bytes: usize) -> Duration {
        let (started, mut ready) = (Instant::now(), Instant::now());
        let mut rest = Bytes::from(vec![0; bytes]);
        while !rest.is_empty() {
            drop(network.send(&mut rest, usize::MAX, &mut ready).await);
        }
        started.elapsed()
    }

    /// Allows for the resolution of the timer and for the time that one chunk takes.
    fn assert_close(time: Duration, expected: Duration) {
        assert!(time.abs_diff(expected) < Duration::from_millis(30), "{time:?}, not {expected:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_latency_applies_to_requests_that_wait() {
        for (old, new, expected) in [(10, 2, 2), (10, 0, 1), (3, 5, 5), (3, 3, 3)] {
            let (sender, network) = network(rules(old * SECOND, None));
            let started = Instant::now();
            tokio::join!(network.travel(), async {
                sleep(SECOND).await;
                sender.send_replace(rules(new * SECOND, None));
            });
            assert_close(started.elapsed(), expected * SECOND);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_share_the_link() {
        let (_sender, network) = network(rules(Duration::ZERO, Some(1_000_000)));
        let all = [(); 10].map(|()| tokio::spawn(time_to_send(Arc::clone(&network), 100_000)));
        for one in all {
            assert_close(one.await.unwrap(), SECOND);
        }
        assert_close(time_to_send(network, 500_000).await, SECOND / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_that_was_slow_for_a_moment_is_fast_again_for_all() {
        let (sender, network) = network(rules(Duration::ZERO, Some(8_000_000)));
        let waiting = [(); 100].map(|()| tokio::spawn(time_to_send(Arc::clone(&network), 80_000)));
        sender.send_replace(rules(Duration::ZERO, Some(50_000)));
        sleep(SECOND).await;
        sender.send_replace(rules(Duration::ZERO, Some(8_000_000)));
        let mut last = Duration::ZERO;
        for one in waiting {
            last = last.max(one.await.unwrap());
        }
        assert_close(last, 2 * SECOND);
        assert_close(time_to_send(network, 8_000_000).await, SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_leaves_gives_its_time_back() {
        let (_sender, network) = network(rules(Duration::ZERO, Some(1_000_000)));
        let leaving = [(); 100].map(|()| tokio::spawn(time_to_send(Arc::clone(&network), 1 << 20)));
        sleep(SECOND).await;
        leaving.iter().for_each(tokio::task::JoinHandle::abort);
        let time = timeout(2 * SECOND, time_to_send(network, 500_000)).await;
        assert_close(time.expect("nothing is in its way"), SECOND / 2);
    }
}
