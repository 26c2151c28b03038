//! The test harness: runs a program as a user would, and plays the server it talks to.
//!
//! A [`Program`] runs in a temporary folder with an empty environment. The server is the practice
//! server, mockito, or, for broken HTTP, a [`Stub`] that sends exactly the bytes it is given.
//!
//! ```no_run
//! use tests::{Program, Response, Stub};
//!
//! let stub = Stub::with_images([("a.png", vec![Response::ok("bytes")])]);
//! let outcome = Program::new("target/debug/01-sync").at_url(&stub.api_url()).run().exits(0);
//! assert_eq!(outcome.file_names(), ["a.png"]);
//! ```

#![warn(missing_docs)]

#[cfg(target_os = "linux")]
mod proc;
mod program;
mod response;
#[cfg(unix)]
mod signal;
mod stub;
#[cfg(unix)]
mod terminal;
mod wait;

#[cfg(target_os = "linux")]
pub use proc::{children, is_alive, thread_count};
pub use program::{Outcome, Program, Running};
pub use response::{End, Response};
#[cfg(unix)]
pub use signal::send_signal;
pub use stub::{Request, Stub, album_entry, fake_image};
#[cfg(unix)]
pub use terminal::Terminal;
pub use wait::{EVENT_TIMEOUT, wait_for, wait_until};
