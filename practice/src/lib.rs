//! The practice server: a stand-in for Imgur that anybody can run, and that sees what clients do.
//!
//! Imgur registers no new clients, so this is where the four programs get their album from, unless
//! there are credentials. It is a real HTTP server that speaks Imgur's API well enough for other
//! people's clients. Two things make it a teacher: its network takes time (see [`Settings`]), and
//! it observes what is asked of it ([`Observed`]), so that concurrency can be seen and tested.
//!
//! What it observes is on its page, live, for a whole class: see the module `live`.
//!
//! It knows nothing of the programs. They start it through the `shared` crate, a class starts it
//! once for all with the program `practice-server`, and the tests hold it in their hands.

#![warn(missing_docs)]

mod album;
mod answer;
mod gate;
mod imgur;
mod live;
mod network;
mod observe;
mod picture;
mod png;
mod reply;
mod rules;
mod server;
mod trouble;

pub use album::ID as ALBUM;
pub use gate::Gate;
pub use observe::{LoggedRequest, Observed};
pub use server::{Server, Settings};
pub use trouble::ID as TROUBLE;
