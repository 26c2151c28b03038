//! Bounds on what clients can take from this machine: connections, time and memory.

use std::time::Duration;

/// Max bytes of a request's head. A larger one gets status 431.
pub const MAX_HEAD_BYTES: usize = 16 << 10;
/// Max bytes that are received while a request is served, to notice that the client leaves.
pub const MAX_READ_AHEAD: usize = 8 << 10;
/// A client that has sent more than that for this long, while a request is served, is disconnected.
pub const READ_AHEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the connection of a client that has left stays open: a response that is under way may
/// reach one that has only stopped sending.
pub const LEAVE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long what the client still sends is discarded after the last response. A connection that is
/// closed with unread bytes is reset, and the client may lose the response.
pub const DISCARD_TIMEOUT: Duration = Duration::from_secs(1);

/// A client that accepts no byte of a response for this long is disconnected.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection without a request for this long is closed.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// Max pages that follow the live view at the same time.
pub const MAX_WATCHERS: usize = 100;
/// Max events that a watcher may be behind, before its stream ends.
pub const MAX_EVENTS_BEHIND: usize = 64;
/// Max bytes of the body of a request that changes the rules or the gate.
pub const MAX_CONTROL_BYTES: usize = 4_096;

/// Max requests that are remembered, the last ones.
pub const MAX_LOGGED_REQUESTS: usize = 20_000;
/// Max runs that are remembered, the last ones.
pub const MAX_RUNS: usize = 200;
/// Max images whose attempts are counted, of all clients together.
pub const MAX_COUNTED_IMAGES: usize = 200_000;
/// Max bytes of a request's target that are remembered.
pub const MAX_TARGET_BYTES: usize = 200;
/// Max bytes of a user agent that tell clients and runs apart. A name of forty emoji may take 4,200.
pub const MAX_AGENT_BYTES: usize = 6_000;
/// Max bytes of a user agent in the log of requests.
pub const MAX_LOGGED_AGENT_BYTES: usize = 600;
/// Max characters, as a person counts them, of a program or a student's name that are shown.
pub const MAX_SHOWN_CHARACTERS: usize = 40;
/// Max code points of such a character. The longest emoji have ten.
pub const MAX_CODE_POINTS: usize = 12;
/// Max combining marks in a row that are shown: more would be drawn over the lines above and below.
pub const MAX_MARKS: usize = 3;

/// Open files that are not connections: standard streams, listener, timers.
#[cfg(unix)]
const OTHER_FILES: u64 = 16;

/// Max connections at the same time: each one is an open file, and the system limits those. The
/// limit is read each time, since the program that this server is a part of may raise it.
#[cfg(unix)]
pub fn max_connections() -> usize {
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    files.map_or(usize::MAX, |files| files.saturating_sub(OTHER_FILES).max(1) as usize)
}

/// Max connections at the same time. Windows has no limit of open sockets.
#[cfg(not(unix))]
pub fn max_connections() -> usize {
    10_000
}
