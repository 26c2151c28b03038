use std::sync::{Arc, Mutex};

async fn download() {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let saved = Arc::new(Mutex::new(0));
    tokio::spawn(async move {
        let mut saved = saved.lock().unwrap();
        download().await;
        *saved += 1;
    });
}
