//! The practice server: a stand-in for Imgur that records how clients make their requests.
//!
//! It is an HTTP server on this machine that implements as much of Imgur's API as clients need, with
//! albums of its own. Its network is slow on purpose (see [`Settings`]), and it records each
//! request (see [`Observed`]), so that a test sees whether a program is concurrent.
//!
//! ```
//! use practice::{ALBUM, Server, Settings};
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//!
//! let server = Server::start(&Settings::default())?;
//!
//! let mut connection = TcpStream::connect(server.address())?;
//! write!(
//!     connection,
//!     "GET /3/album/{ALBUM}/images HTTP/1.1\r\n\
//!      Host: {}\r\nAuthorization: Client-ID any\r\nConnection: close\r\n\r\n",
//!     server.address()
//! )?;
//! let mut response = String::new();
//! connection.read_to_string(&mut response)?;
//! assert!(response.starts_with("HTTP/1.1 200 OK"));
//! assert!(response.contains(&server.names()[0]));
//!
//! let observed = server.observed();
//! assert_eq!((observed.requests, observed.peak_in_flight), (1, 1));
//! assert_eq!(observed.log[0].target, format!("/3/album/{ALBUM}/images"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The server also has a page that shows all requests live (module `live`). A class uses the server
//! through the program `practice-server`.

#![warn(missing_docs)]

mod album;
mod book;
mod connections;
mod gate;
mod host;
mod imgur;
mod keep;
mod limits;
mod list;
mod live;
mod network;
mod observe;
mod response;
mod route;
mod rules;
mod server;
mod settings;
mod start;
mod state;
mod steps;
mod vote;

pub use album::practice::ID as ALBUM;
pub use album::trouble::ID as TROUBLE;
pub use book::Book;
pub use gate::Gate;
pub use live::{CHART_SCRIPT, CHART_STYLE};
pub use observe::{LoggedRequest, Observed};
pub use server::Server;
pub use settings::{Settings, Sharing};
pub use steps::{Held, Release};
