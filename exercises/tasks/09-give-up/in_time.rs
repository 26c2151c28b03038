//! For task 9: an image that comes in pieces, how long it may take, and the request to stop.

use crate::{Error, files, nonblocking};
use reqwest::Response;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::signal::ctrl_c;
use tokio::time::sleep;

/// How long one image may take: 2 s. The check sets it with the variable `LIMIT`, in seconds.
pub fn limit() -> Duration {
    let seconds = env::var("LIMIT").ok().and_then(|limit| limit.parse().ok());
    Duration::from_secs(seconds.unwrap_or(2))
}

/// Waits until the program should stop: after Ctrl-C, which a check sends, too. (On Windows, a check
/// creates a file `stop` in the working directory.)
pub async fn stopped() {
    let file = async {
        while cfg!(unix) || !Path::new("stop").exists() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = file => {}
        Ok(()) = ctrl_c() => {}
    }
}

/// Where an image is saved: in the folder `downloads`, under the last part of its link.
pub fn path(link: &str) -> PathBuf {
    Path::new("downloads").join(files::name(link))
}

/// An image that is being downloaded.
///
/// If it is dropped before its last piece, it prints a line on stderr.
pub struct Incoming {
    response: Response,
    name: String,
    bytes: usize,
    ended: bool,
}

/// Requests an image, and waits for the headers of the response.
///
/// Fails if no response arrives, or its status isn't 200.
pub async fn open(link: &str) -> Result<Incoming, Error> {
    let response = nonblocking::request(link, None).await?;
    Ok(Incoming { response, name: files::name(link).to_owned(), bytes: 0, ended: false })
}

impl Incoming {
    /// Waits for its next piece, without a timeout. Returns `None` after the last one.
    ///
    /// Fails if the body is cut short.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let piece = self.response.chunk().await;
        self.ended = !matches!(piece, Ok(Some(_)));
        let piece = piece.map_err(|error| Error::broken(&error))?.map(|piece| piece.to_vec());
        self.bytes += piece.as_ref().map_or(0, Vec::len);
        Ok(piece)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.ended {
            eprintln!("dropped {} after {} bytes", self.name, self.bytes);
        }
    }
}
