//! What happens during a download, told while it happens.

use serde::{Deserialize, Serialize};

/// A step of a download, in the order in which they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A try begins: the request goes out.
    Asked,
    /// The head of an answer is there. Its body has so many bytes, if the head says so.
    Answered(Option<u64>),
    /// So many more bytes of the body are there.
    Received(u64),
    /// The try has failed, for this reason. After a pause there will be another one.
    Failed(String),
    /// The image is saved, and waits for a core that makes its thumbnail.
    Saved,
    /// The thumbnail is being made.
    Computing,
}

/// Whoever wants to know how a download goes.
pub trait Progress: Sync {
    /// This has just happened.
    fn tell(&self, event: Event);
}

/// Nobody wants to know.
impl Progress for () {
    fn tell(&self, _: Event) {}
}

/// What has become of a download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The size of the file, in bytes.
    pub bytes: u64,
    /// Why it has no thumbnail, if one was asked for and cannot be had.
    pub no_thumbnail: Option<String>,
}
