//! The steps of a download, reported while it runs.

use serde::{Deserialize, Serialize};

/// A step of a download. The variants are in the order of the steps; after `Failed`, the download
/// starts over with `Requested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// An attempt begins: the request is sent.
    Requested,
    /// The status and headers have arrived, with the body's length in bytes if known.
    Responded(Option<u64>),
    /// This many more bytes of the body have arrived.
    Received(u64),
    /// The attempt failed with this error message. A retry follows.
    Failed(String),
    /// The image is saved, and the thumbnail waits for a free core. Only the async client reports
    /// this.
    Saved,
    /// The thumbnail is being made.
    Computing,
}

/// Receives the events of one download.
pub trait Progress: Sync {
    /// Reports an event that has just happened.
    fn report(&self, event: Event);
}

/// `()` ignores all events.
impl Progress for () {
    fn report(&self, _: Event) {}
}

/// A download that succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The size of the file, in bytes.
    pub bytes: u64,
    /// Why there is no thumbnail although `--thumbnails` is set; otherwise `None`.
    pub no_thumbnail: Option<String>,
}
