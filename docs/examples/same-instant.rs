//! Two tasks that run at the same instant. See `docs/multithreaded.md`.

use std::sync::{Arc, Barrier};

#[tokio::main(worker_threads = 2)]
async fn main() {
    let both = Arc::new(Barrier::new(2));
    let tasks = [(); 2].map(|()| {
        let both = Arc::clone(&both);
        tokio::spawn(async move {
            // Blocks this thread until the other task gets here too, on another thread.
            both.wait();
            println!("both are here");
        })
    });
    for task in tasks {
        task.await.unwrap();
    }
}
