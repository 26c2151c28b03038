//! Signals, as a user sends them.

use std::process::Command;

/// Sends a signal, such as `TERM`, to a process.
///
/// Panics if there is no such process: a test that kills nothing must not pass.
pub fn send_signal(signal: &str, id: u32) {
    let status = Command::new("kill").args(["-s", signal, &id.to_string()]).status();
    assert!(status.expect("kill is installed").success(), "there is no process {id}");
}
