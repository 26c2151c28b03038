//! Tasks that stay on the one thread there is. See `docs/multithreaded.md`.

use std::thread;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

async fn wait_twice(name: char) {
    for _ in 0..2 {
        let before = thread::current().id();
        sleep(Duration::from_millis(5)).await;
        let after = thread::current().id();
        println!("{name}: {before:?}, then {after:?}");
    }
}

#[tokio::main(flavor = "current_thread")] // New
async fn main() {
    println!("main: {:?}", thread::current().id());
    let mut tasks = JoinSet::new();
    for name in 'A'..='D' {
        tasks.spawn(wait_twice(name));
    }
    tasks.join_all().await;
}
