//! Why something did not come, or could not be saved.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// What went wrong with a download, or with saving it.
#[derive(Debug)]
pub enum Fault {
    /// The server answered, but not with the image.
    Refused {
        /// The status of its answer, such as 404 or 429.
        status: u16,
        /// How long it asks us to wait before we come back.
        retry_after: Option<Duration>,
    },
    /// Anything else, in words.
    Broken(String),
}

impl Fault {
    /// Anything that is an error by its own words.
    pub(crate) fn broken(error: &impl ToString) -> Self {
        Self::Broken(error.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, .. } => write!(f, "the server answered with status {status}"),
            Self::Broken(words) => f.write_str(words),
        }
    }
}

impl Error for Fault {}
