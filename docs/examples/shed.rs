//! A server that refuses what it can't do soon. See `docs/overload.md`.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Seconds until the response. The server handles one request at a time, in 10 ms.
async fn request(server: Arc<Semaphore>, places: Arc<Semaphore>) -> Option<f64> {
    let arrived = Instant::now();
    let _place = places.try_acquire().ok()?; // New
    let _turn = server.acquire().await.unwrap();
    sleep(Duration::from_millis(10)).await;
    Some(arrived.elapsed().as_secs_f64())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for between in [12, 10, 9] {
        let server = Arc::new(Semaphore::new(1));
        let places = Arc::new(Semaphore::new(5)); // New
        let mut requests = JoinSet::new();
        for _ in 0..10_000 {
            requests.spawn(request(Arc::clone(&server), Arc::clone(&places)));
            // Open: the next request comes, whether or not this one has its response.
            sleep(Duration::from_millis(between)).await;
        }
        let outcomes = requests.join_all().await;
        let seconds: Vec<f64> = outcomes.into_iter().flatten().collect();
        let slowest = seconds.iter().copied().fold(0.0, f64::max);
        let refused = 10_000 - seconds.len();
        println!("one each {between} ms: at most {slowest:.2} s, {refused} refused");
    }
}
