//! Errors: a kind, which decides whether a retry may help, and a message.

use serde::{Deserialize, Serialize};
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

/// An error of one attempt, or of a whole download once no attempts are left.
///
/// The message is complete without the [source](StdError::source), which is only there for
/// debugging. This way, both clients print the same words.
///
/// ```
/// use shared::{Error, ErrorKind};
/// use std::io;
///
/// let error = Error::disk(io::ErrorKind::StorageFull.into());
/// assert_eq!(error.kind(), ErrorKind::Disk);
/// assert!(error.to_string().starts_with("cannot write: "));
/// assert!(std::error::Error::source(&error).is_some());
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    /// Not serialised: a worker process sends only the kind and the message.
    #[serde(skip)]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kind of an error. [`is_transient`](crate::http::retry::is_transient) says which kinds are
/// transient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErrorKind {
    /// The run cannot begin: wrong credentials, no practice server, an unusable file.
    Setup,
    /// A link that is not an http or https URL.
    Link,
    /// No connection: an unknown host, a refused connection, a proxy.
    Connect,
    /// The server's certificate is not trusted.
    Certificate,
    /// The server sent nothing within `--timeout`.
    Timeout,
    /// The connection closed too early, or the body is shorter than announced.
    Incomplete,
    /// The response is not valid HTTP, or its encoding is unknown or corrupt.
    Protocol,
    /// The server refuses for now, for this long if it sent `Retry-After`.
    Unavailable(Option<Duration>),
    /// The server refuses for good.
    Refused,
    /// The response is not what was requested: not an image, or not an album.
    Content,
    /// The file cannot be written or read.
    Disk,
    /// A worker cannot be started, or died.
    Worker,
}

impl Error {
    /// An error without a source.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// An error of the setup, such as wrong credentials.
    pub(crate) fn setup(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Setup, message)
    }

    /// The error of a response that is not what was requested.
    pub(crate) fn content(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Content, message)
    }

    /// The same error, with the error that caused it.
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same error. If there were several `attempts`, its message says how many.
    pub(crate) fn after_attempts(self, attempts: usize) -> Self {
        match attempts {
            0 | 1 => self,
            _ => Self { message: format!("{} ({attempts} attempts)", self.message), ..self },
        }
    }

    /// The error of a file that cannot be written.
    pub fn disk(error: io::Error) -> Self {
        Self::new(ErrorKind::Disk, format!("cannot write: {error}")).with_source(error)
    }

    /// The error of a worker (a thread or a process) that cannot be started.
    pub fn no_worker(error: impl StdError + Send + Sync + 'static) -> Self {
        Self::new(ErrorKind::Worker, format!("cannot start a worker: {error}")).with_source(error)
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
