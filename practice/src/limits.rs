//! Bounds on what clients can take from this machine: connections, time and memory.

use std::time::Duration;

/// Max bytes of a request's line and headers together. A larger request gets status 431.
pub const MAX_HEAD_BYTES: usize = 16 << 10;
/// Max bytes received ahead while a request is served. Reading ahead shows when the client leaves.
pub const MAX_READ_AHEAD: usize = 8 << 10;
/// A client is disconnected if it has sent more than `MAX_READ_AHEAD` ahead for this long while a
/// request is served.
pub const READ_AHEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection stays open after the client has closed its sending side. The client may
/// still receive the response in progress.
pub const LEAVE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the server reads and discards what the client still sends, before the server closes the
/// connection. Closing with unread bytes would send a reset, and the client could lose the last
/// response.
pub const DISCARD_TIMEOUT: Duration = Duration::from_secs(1);

/// A client that accepts no byte of a response for this long is disconnected.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection without a request for this long is closed.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// Max pages that follow the live view at the same time.
pub const MAX_WATCHERS: usize = 100;
/// Max events that a watcher may be behind. Beyond that, its stream ends.
pub const MAX_EVENTS_BEHIND: usize = 64;
/// Max bytes of the body of a request to the controls or the vote.
pub const MAX_CONTROL_BYTES: usize = 4_096;
/// How long the body of a request to the live view may take to arrive.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Max answers to a question: one for each phone.
pub const MAX_VOTERS: usize = 300;
/// Max code points of a question.
pub const MAX_QUESTION_CHARACTERS: usize = 200;
/// Max options of a question.
pub const MAX_OPTIONS: usize = 5;
/// Max events that a question asks to put in order.
pub const MAX_EVENTS: usize = 8;
/// Max code points of an option or an event.
pub const MAX_OPTION_CHARACTERS: usize = 80;
/// Max code points of a unit.
pub const MAX_UNIT_CHARACTERS: usize = 30;

/// Max requests remembered. The oldest are forgotten.
pub const MAX_LOGGED_REQUESTS: usize = 20_000;
/// Max runs remembered. The oldest are forgotten.
pub const MAX_RUNS: usize = 200;
/// Max experiments remembered. The oldest are forgotten.
pub const MAX_EXPERIMENTS: usize = 12;
/// Max changes of the rules remembered. The oldest are forgotten.
pub const MAX_RULE_CHANGES: usize = 100;
/// Max code points of an experiment's title.
pub const MAX_TITLE_CHARACTERS: usize = 60;
/// Max bytes of the file of an experiment. One with 20,000 requests has about 1 MB.
pub const MAX_KEPT_BYTES: u64 = 8 << 20;
/// Max students whose progress in the exercises is remembered.
pub const MAX_REPORTING_STUDENTS: usize = 200;
/// Max code points of a message that refuses a submission.
pub const MAX_MESSAGE_CHARACTERS: usize = 200;
/// Max removed messages remembered. The oldest are forgotten.
pub const MAX_REMOVED_MESSAGES: usize = 100;
/// Max bytes of a report about a submission.
pub const MAX_REPORT_BYTES: usize = 16 << 10;
/// Max names that the teacher hides or replaces.
pub const MAX_REPLACED_NAMES: usize = 1_000;
/// Max images, over all clients, whose attempts are counted.
pub const MAX_COUNTED_IMAGES: usize = 200_000;
/// Max bytes of a request's target that are remembered.
pub const MAX_TARGET_BYTES: usize = 200;
/// Max bytes of a user agent; only these tell clients and runs apart. Percent-encoded, a name of
/// forty emoji can take 4,200.
pub const MAX_AGENT_BYTES: usize = 6_000;
/// Max bytes of a user agent in the log of requests.
pub const MAX_LOGGED_AGENT_BYTES: usize = 600;
/// Max user-perceived characters (grapheme clusters) shown of a program's or a student's name.
pub const MAX_SHOWN_CHARACTERS: usize = 40;
/// Max code points of one such character. The longest emoji have ten.
pub const MAX_CODE_POINTS: usize = 12;
/// Max combining marks in a row that are shown: more would be drawn over the lines above and below.
pub const MAX_MARKS: usize = 3;

/// Open files that are not connections: standard streams, the listener, the runtime.
#[cfg(unix)]
const OTHER_FILES: u64 = 16;

/// Max connections at the same time. Each one is an open file, and the system limits the open files
/// of a process. The limit is read on each call, because the program that runs this server may
/// raise it.
#[cfg(unix)]
pub fn max_connections() -> usize {
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    files.map_or(usize::MAX, |files| files.saturating_sub(OTHER_FILES).max(1) as usize)
}

/// Max connections at the same time. Windows doesn't limit a process's open sockets.
#[cfg(not(unix))]
pub fn max_connections() -> usize {
    10_000
}
