//! A rate limit doesn't see how long requests take. See `docs/overload.md`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::{Instant, sleep};

static IN_FLIGHT: AtomicU32 = AtomicU32::new(0);

const PER_SECOND: u128 = 100;
const BURST: u128 = 500;

/// Holds up to `BURST` tokens, counted in thousandths. Each request takes one.
struct TokenBucket {
    thousandths: u128,
    filled: Instant,
}

impl TokenBucket {
    fn admits(&mut self) -> bool {
        let added = self.filled.elapsed().as_millis() * PER_SECOND;
        self.thousandths = (self.thousandths + added).min(BURST * 1000);
        self.filled = Instant::now();
        let admits = self.thousandths >= 1000;
        self.thousandths -= if admits { 1000 } else { 0 };
        admits
    }
}

async fn request(milliseconds: u64) {
    IN_FLIGHT.fetch_add(1, Relaxed);
    sleep(Duration::from_millis(milliseconds)).await;
    IN_FLIGHT.fetch_sub(1, Relaxed);
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for milliseconds in [50, 2000] {
        let mut bucket = TokenBucket { thousandths: BURST * 1000, filled: Instant::now() };
        let mut admitted = 0;
        // 1,000 requests arrive per second, for 10 s.
        for _ in 0..10_000 {
            sleep(Duration::from_millis(1)).await;
            if bucket.admits() {
                admitted += 1;
                tokio::spawn(request(milliseconds));
            }
        }
        let in_flight = IN_FLIGHT.load(Relaxed);
        println!("each takes {milliseconds} ms: {admitted} admitted, {in_flight} in flight");
        sleep(Duration::from_secs(5)).await;
    }
}
