//! Waiting for an event instead of sleeping.

use std::thread;
use std::time::{Duration, Instant};

/// Maximum time to wait for an event. It is generous: only a broken program reaches it.
pub const EVENT_TIMEOUT: Duration = Duration::from_mins(1);

/// Time between two checks for an event.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Polls until `check` returns a value. Panics after [`EVENT_TIMEOUT`], naming the event.
#[track_caller]
pub fn wait_for<T>(event: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + EVENT_TIMEOUT;
    loop {
        if let Some(value) = check() {
            return value;
        }
        assert!(Instant::now() < deadline, "timeout while waiting for {event}");
        thread::sleep(POLL_INTERVAL);
    }
}

/// Polls until `check` is true. Panics after [`EVENT_TIMEOUT`], naming the event.
#[track_caller]
pub fn wait_until(event: &str, mut check: impl FnMut() -> bool) {
    wait_for(event, || check().then_some(()));
}
