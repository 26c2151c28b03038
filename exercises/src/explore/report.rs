//! What an exploration found, as Rust values and as JSON.

use serde::{Deserialize, Serialize};

/// What an exploration found. `schedule.json` holds it as one JSON object with these names:
///
/// ```json
/// {
///   "schedules": 70,
///   "max_interruptions": null,
///   "complete": true,
///   "failure": {
///     "kind": "wrong",
///     "message": "The bytes of one image are missing.",
///     "schedules": 64,
///     "file": "exercises/src/bin/task-04.rs",
///     "threads": ["main", "A", "B"],
///     "steps": [
///       {
///         "thread": 1, "action": "reads", "object": "bytes", "value": "0", "ordering": null,
///         "line": 16, "holds": []
///       }
///     ]
///   }
/// }
/// ```
///
/// Playing the steps in their order replays the failure: at any time, one thread runs, up to the end
/// of its next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many schedules were explored.
    pub schedules: usize,
    /// How often threads that could have gone on were interrupted in a schedule at most; `None` if as
    /// often as possible.
    pub max_interruptions: Option<usize>,
    /// Whether these are all such schedules.
    pub complete: bool,
    /// The shortest schedule that fails, unless none does.
    pub failure: Option<Failure>,
}

impl Report {
    /// Whether a thread comes to no end. Then no further schedules were explored.
    pub(super) fn is_endless(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.kind == Kind::Endless)
    }
}

/// A schedule that fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// How it ends.
    pub kind: Kind,
    /// What is wrong.
    pub message: String,
    /// How many schedules end with the same kind and message.
    pub schedules: usize,
    /// The submission's source file.
    pub file: String,
    /// The names of the threads. The first one is the program's main thread.
    pub threads: Vec<String>,
    /// What happens, in this order.
    pub steps: Vec<Step>,
}

/// How a schedule fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It ends, with a wrong result.
    Wrong,
    /// A thread panics.
    Panic,
    /// The threads wait for each other: for locks, messages, or the end of a thread.
    Deadlock,
    /// A thread waits for a notification that never comes.
    LostWakeUp,
    /// It takes more steps than any correct schedule: a loop that waits by asking again and again.
    Endless,
    /// A thread waits for something that the explorer can't control, such as a lock of std.
    Unknown,
}

/// A step of one thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The index of the thread in [`Failure::threads`].
    pub thread: usize,
    /// What it does: "reads", "writes", "locks", "unlocks", …; "waits for" if it is blocked at the
    /// end of the schedule.
    pub action: String,
    /// On what: the name of an atomic, a lock, a condition variable, a thread.
    pub object: String,
    /// The value that it reads or writes, if there is one.
    pub value: Option<String>,
    /// The ordering of the access, such as `Relaxed`, if loads may see older values.
    pub ordering: Option<String>,
    /// The line in the submission that asks for this step, if it is one of the submission's.
    pub line: Option<u32>,
    /// The names of the locks that the thread holds while it takes this step.
    pub holds: Vec<String>,
}
