//! For task 8: the client of a catalogue that knows the size of each image. It blocks, because it
//! is older than async.

use crate::Error;
use crate::api::album;
use crate::blocking::AGENT;
use ureq::http::header;

/// The size of an image in bytes, from the headers of a response. Nothing is downloaded.
///
/// Fails if no response arrives, its status isn't 200, or it doesn't contain the size.
pub fn size(link: &str) -> Result<usize, Error> {
    let response = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
    album::accept(response.status(), response.headers())?;
    let length = response.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.ok_or_else(|| Error::Broken("the catalogue names no size".into()))
}
