//! Why an image could not be downloaded or saved.

use std::fmt;
use std::time::Duration;

/// What went wrong with a download, or with saving it.
#[derive(Debug)]
pub enum Error {
    /// The server responded with a status other than 200.
    Refused {
        /// The status, such as 404 or 429.
        status: u16,
        /// The header `Retry-After`: how long to wait before the next request.
        retry_after: Option<Duration>,
    },
    /// Anything else, as a message.
    Broken(String),
}

impl Error {
    /// Wraps any other error as its message.
    pub(crate) fn broken(error: &impl ToString) -> Self {
        Self::Broken(error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, .. } => write!(f, "the server responded with status {status}"),
            Self::Broken(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}
