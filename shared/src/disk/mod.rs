//! The folder of the images: temporary files that become images, and thumbnails.

mod folder;
mod thumbnail;

pub use folder::{Closed, Folder, PartialFile};
