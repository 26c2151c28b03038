//! What went wrong, in words for a person, and whether it may pass.

use std::fmt;
use std::time::Duration;

/// A fault of one try, or of a whole download when no more tries are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    message: String,
    /// Whether another try may help.
    pub retry: Retry,
}

/// Whether and when another try may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same will happen again.
    Never,
    /// It may pass; the usual back-off is long enough.
    Later,
    /// It may pass, and the server said how long it takes at least.
    After(Duration),
}

impl Fault {
    /// A fault that another try would meet again.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), retry: Retry::Never }
    }

    /// A fault that may pass.
    pub fn passing(message: impl Into<String>) -> Self {
        Self { message: message.into(), retry: Retry::Later }
    }

    pub(crate) fn with(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
