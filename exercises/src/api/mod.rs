//! What a submission may call: the album's links, an image's bytes, and saving them. Nothing here
//! retries or starts a thread.

pub mod album;
pub mod blocking;
pub mod error;
pub mod files;
pub mod nonblocking;
