//! Clients that may retry one request in ten. See `docs/overload.md`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The server: one request at a time, in 10 ms. It doesn't notice that a client has left.
async fn serve(server: Arc<Mutex<()>>) {
    let _turn = server.lock().await;
    sleep(Duration::from_millis(10)).await;
}

/// In tenths of a retry.
static BUDGET: AtomicU32 = AtomicU32::new(0); // New

/// Whether a response came in time.
async fn request(server: Arc<Mutex<()>>, attempts: u32) -> bool {
    BUDGET.fetch_add(1, Relaxed); // New
    let may_retry = || BUDGET.fetch_update(Relaxed, Relaxed, |it| it.checked_sub(10)).is_ok(); // New
    let attempts = (0..attempts).take_while(|attempt| *attempt == 0 || may_retry()); // New
    for _ in attempts {
        let response = tokio::spawn(serve(Arc::clone(&server)));
        if timeout(Duration::from_millis(100), response).await.is_ok() {
            return true;
        }
    }
    false
}

/// How many responses come in time, for each 100 requests.
async fn load(attempts: u32) -> Vec<usize> {
    let server = Arc::new(Mutex::new(()));
    let mut hundreds = Vec::new();
    for hundred in 0..10 {
        let mut requests = JoinSet::new();
        for number in 0..100 {
            requests.spawn(request(Arc::clone(&server), attempts));
            // Once, 30 requests come at the same time.
            let is_burst = hundred == 1 && number < 30;
            sleep(Duration::from_millis(if is_burst { 0 } else { 12 })).await;
        }
        hundreds.push(requests);
    }
    let mut in_time = Vec::new();
    for requests in hundreds {
        in_time.push(requests.join_all().await.into_iter().filter(|it| *it).count());
    }
    in_time
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("3 attempts: {:?}", load(3).await);
}
