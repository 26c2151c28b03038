//! What the four programs have in common: everything but the concurrency.
//!
//! A program reads its command line ([`Setup`]), asks for the album and downloads its images
//! ([`Client`]), and tells what became of them ([`Report`]). How it divides the images among
//! threads, processes or tasks is its own business, and the lesson.
//!
//! The rules stand in small modules without input and output: [`album`], [`answer`], [`body`],
//! `names`, [`retry`]. The clients only move bytes: the blocking one here, and the async one in
//! `04-async`, which uses the same rules.

#![warn(missing_docs)]

pub mod album;
pub mod answer;
pub mod body;
mod client;
mod credentials;
mod fault;
mod files;
mod lane;
mod limits;
mod live;
mod names;
pub mod network;
mod options;
mod progress;
mod report;
pub mod retry;
mod setup;
mod stop;
mod text;
mod thumbnail;
pub mod timeline;

pub use album::{Album, Image};
pub use client::Client;
pub use credentials::Source;
pub use fault::{Fault, Retry};
pub use files::{Folder, Part};
pub use lane::Lane;
pub use limits::{fewer, largest_possible};
pub use options::Options;
pub use progress::{Event, Progress, Saved};
pub use report::Report;
pub use setup::Setup;
pub use stop::before_stop;
