//! The same deadlock with tasks, which a debugger doesn't see. See `docs/observing.md`.

use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::{Barrier, Mutex};

async fn lock_both(first: Arc<Mutex<u32>>, second: Arc<Mutex<u32>>, both_have_one: Arc<Barrier>) {
    let mut first = first.lock().await;
    both_have_one.wait().await;
    *first += *second.lock().await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (album, report) = (Arc::new(Mutex::new(1)), Arc::new(Mutex::new(2)));
    let both_have_one = Arc::new(Barrier::new(3));
    tokio::spawn(lock_both(album.clone(), report.clone(), both_have_one.clone()));
    tokio::spawn(lock_both(report, album, both_have_one.clone()));
    both_have_one.wait().await;
    tokio::task::yield_now().await;
    println!("tasks that haven't ended: {}", Handle::current().metrics().num_alive_tasks());
}
