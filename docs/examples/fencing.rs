//! A lease that runs out while its holder is paused. See `docs/distributed.md`.

use std::cell::RefCell;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The lock service: the newest token, and when its lease runs out.
type Service = RefCell<(u32, Instant)>;

/// Waits for the lease, and returns a token. Each token is higher than the one before.
async fn acquire(service: &Service) -> u32 {
    while Instant::now() < service.borrow().1 {
        sleep(Duration::from_secs(1)).await;
    }
    let mut lease = service.borrow_mut();
    *lease = (lease.0 + 1, Instant::now() + Duration::from_secs(10));
    lease.0
}

/// The storage: remembers the highest token that it has seen, and refuses lower ones.
fn write(storage: &RefCell<u32>, token: u32) -> bool {
    let mut highest = storage.borrow_mut();
    *highest = token.max(*highest);
    token == *highest
}

async fn work(name: &str, pause: u64, service: &Service, storage: &RefCell<u32>) {
    let token = acquire(service).await;
    // It was swapped out, or its virtual machine was moved.
    sleep(Duration::from_secs(pause)).await;
    let accepted = write(storage, token);
    println!("{name} writes with token {token}: {}", if accepted { "accepted" } else { "refused" });
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (service, storage) = (RefCell::new((0, Instant::now())), RefCell::new(0));
    tokio::join!(work("ada", 15, &service, &storage), work("grace", 1, &service, &storage));
}
