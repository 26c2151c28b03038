//! The albums: the practice album, the album of failures, and the pictures that both show.

pub mod picture;
mod png;
pub mod practice;
pub mod trouble;

pub use practice::Album;
