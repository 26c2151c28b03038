//! What the four programs have in common: everything but the concurrency.
//!
//! A program reads its command line ([`Setup`]), requests the album and downloads its images
//! ([`Client`]), and reports what happened to them ([`Report`]). Each program divides the images
//! among threads, processes or tasks in its own way: that part is the lesson. Downloading one image
//! after another looks like this:
//!
//! ```no_run
//! use shared::{Client, Error, Report, Setup};
//!
//! fn download_album(setup: &Setup, report: &Report) -> Result<(), Error> {
//!     let client = Client::new(&setup.options)?;
//!     let images = report.track(client.album(&setup.source)?);
//!     for image in &images {
//!         let lane = report.begin(image);
//!         let result = client.download(image, &lane);
//!         lane.end(result);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! [`imgur`] contains the API, [`http`] the protocol, [`disk`] the files. The rules are plain
//! functions that both clients use: the blocking one here, and the async one in `04-async`.

#![warn(missing_docs)]

pub mod disk;
mod env_file;
mod error;
pub mod http;
pub mod imgur;
mod open_files;
mod options;
mod progress;
mod report;
mod setup;
mod source;
pub mod stop;
mod text;
pub mod timeline;

pub use disk::Folder;
pub use error::{Error, ErrorKind};
pub use http::Client;
pub use imgur::{Album, Image};
pub use open_files::MAX_OPEN_IMAGES;
pub use options::{Options, name as parse_name, server as parse_server};
pub use progress::{Event, Progress, Saved};
pub use report::{Lane, Report};
pub use setup::Setup;
pub use source::Source;
pub use text::is_coloured;
