//! The network between the practice server and its clients: a latency, and one link for all.
//!
//! On a loopback connection everything is instantaneous and no program has to wait, so there would
//! be nothing to learn. Every request waits for the latency, and all bodies share the link.

use crate::rules::Rules;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// A latency for each request and a link with a rate.
pub struct Network {
    rules: Mutex<Rules>,
    /// When the link has sent all that was handed to it so far.
    free_at: Mutex<Instant>,
}

impl Network {
    pub fn new(rules: Rules) -> Self {
        Self { rules: Mutex::new(rules), free_at: Mutex::new(Instant::now()) }
    }

    /// The rules of this moment.
    pub fn rules(&self) -> Rules {
        *self.rules.lock().unwrap()
    }

    /// Changes the rules for all that comes from now on.
    pub fn change(&self, rules: Rules) {
        *self.rules.lock().unwrap() = rules;
    }

    /// Waits as long as a request and the head of its answer are on their way.
    pub async fn travel(&self) {
        let latency = self.rules().latency;
        if !latency.is_zero() {
            sleep(latency).await;
        }
    }

    /// How many bytes are handed to the link at a time: few enough that all senders get their turn.
    pub fn portion(&self) -> usize {
        match self.rules().link_rate {
            Some(rate) => ((rate / 500) as usize).clamp(1 << 10, 64 << 10),
            None => 64 << 10,
        }
    }

    /// Waits until the link has sent so many bytes, after all that it has to send already.
    ///
    /// `ready` is when the sender could have handed them over. It is moved on to the next time,
    /// so that a sender that wakes up late (timers are exact to a millisecond only) loses nothing.
    pub async fn send(&self, bytes: usize, ready: &mut Instant) {
        let Some(rate) = self.rules().link_rate else {
            *ready = Instant::now();
            return;
        };
        {
            let mut free_at = self.free_at.lock().unwrap();
            *free_at = (*ready).max(*free_at) + Duration::from_secs_f64(bytes as f64 / rate as f64);
            *ready = *free_at;
        }
        sleep_until(*ready).await;
    }
}
