//! Four threads need one value, and the first of them makes it. See `docs/condvar.md`.

use std::sync::OnceLock;
use std::thread;

static SETTINGS: OnceLock<String> = OnceLock::new();

fn settings() -> &'static str {
    SETTINGS.get_or_init(|| {
        println!("reading the settings");
        String::from("workers = 5")
    })
}

fn main() {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| println!("{}", settings()));
        }
    });
}
