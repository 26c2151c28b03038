//! The first of two mirrors wins, and the other download is cancelled. See `docs/cancellation.md`.

use std::time::Duration;
use tokio::time::sleep;

/// An open connection.
struct Connection(&'static str);

impl Drop for Connection {
    fn drop(&mut self) {
        println!("{}: connection closed", self.0);
    }
}

async fn download(mirror: &'static str, milliseconds: u64) -> &'static str {
    let _connection = Connection(mirror);
    sleep(Duration::from_millis(milliseconds)).await;
    println!("{mirror}: image received");
    mirror
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let winner = tokio::select! {
        mirror = download("near", 50) => mirror,
        mirror = download("far", 200) => mirror,
    };
    println!("{winner} wins");
    sleep(Duration::from_secs(1)).await;
    println!("a second later, main ends");
}
