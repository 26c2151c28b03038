//! Wrong on purpose: `main` may look before the settings are there. See `docs/hazards.md`.

use std::sync::Mutex;
use std::time::Duration;
use std::{env, thread};

fn main() {
    let milliseconds = env::args().nth(1).map_or(0, |it| it.parse().unwrap());
    let settings = Mutex::new(None);
    thread::scope(|scope| {
        scope.spawn(|| {
            // The disk.
            thread::sleep(Duration::from_millis(milliseconds));
            *settings.lock().unwrap() = Some("workers = 5");
        });
        // Surely the settings are there by then.
        thread::sleep(Duration::from_millis(200));
        println!("{:?}", settings.lock().unwrap());
    });
}
