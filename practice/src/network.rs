//! The simulated network: a latency, and one link that all responses share.
//!
//! Without it, responses on a loopback connection arrive at once, and concurrency gains nothing.

use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// A link that sends the bytes of all responses one after another.
pub struct Network {
    /// When the link has sent everything that was handed to it.
    free_at: Mutex<Instant>,
}

impl Network {
    pub fn new() -> Self {
        Self { free_at: Mutex::new(Instant::now()) }
    }

    /// Waits for the latency.
    pub async fn travel(latency: Duration) {
        // Even a sleep of zero would wait for the next tick of the timer.
        if !latency.is_zero() {
            sleep(latency).await;
        }
    }

    /// How many bytes to send at a time: few enough that all responses share the link.
    pub fn chunk(rate: Option<u64>) -> usize {
        const MAX: usize = 64 << 10;
        rate.map_or(MAX, |rate| ((rate / 500) as usize).clamp(1 << 10, MAX))
    }

    /// Waits until the link has sent `bytes`, after everything that was handed to it before. `rate`
    /// is in bytes per second.
    ///
    /// `ready` is when the sender could have handed the bytes over; it is advanced to when they were
    /// sent. Timers are exact to a millisecond only, and a sender that wakes up late loses nothing.
    pub async fn send(&self, bytes: usize, rate: Option<u64>, ready: &mut Instant) {
        let Some(rate) = rate else {
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
