//! HTTP: what responses mean, when to retry, how bodies are decoded, and the blocking client.
//!
//! The rules are plain functions, because two clients follow them: the blocking [`Client`] here and
//! the async one in `04-async`.

pub mod body;
mod client;
pub mod network;
pub mod response;
pub mod retry;

pub use client::Client;
