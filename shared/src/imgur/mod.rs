//! What Imgur's API says: albums, images, errors; and what the images' files are called.

mod album;
mod album_id;
mod link;
mod message;
mod names;

pub use album::{Album, Image, Rejected};
pub use album_id::AlbumId;
pub(crate) use link::sendable;
pub(crate) use message::error_message;
