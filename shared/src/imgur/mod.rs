//! Imgur's API: albums, images and error messages; and the names of the images' files.

mod album;
mod album_id;
mod link;
mod message;
mod names;

pub use album::{Album, Image, Rejected};
pub use album_id::AlbumId;
pub(crate) use link::sendable;
pub(crate) use message::error_message;
