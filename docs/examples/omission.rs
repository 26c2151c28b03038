//! A client that waits for each response doesn't see what users see. See `docs/overload.md`.

use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// Responds in 1 ms, except that it stands still for 10 s.
async fn request(start: Instant) {
    let stall = start + Duration::from_secs(50);
    if Instant::now() >= stall {
        sleep_until(stall + Duration::from_secs(10)).await;
    }
    sleep(Duration::from_millis(1)).await;
}

fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let (mut since_sent, mut since_due) = (Vec::new(), Vec::new());
    for number in 0..10_000 {
        // One request each 10 ms. If the last response was late, this one is late, too.
        let due = start + Duration::from_millis(10 * number);
        sleep_until(due).await;
        let sent = Instant::now();
        request(start).await;
        since_sent.push(sent.elapsed());
        since_due.push(due.elapsed());
    }
    println!("99th percentile, from when it was sent: {:.3} s", p99(since_sent).as_secs_f64());
    println!("99th percentile, from when it was due: {:.3} s", p99(since_due).as_secs_f64());
}
