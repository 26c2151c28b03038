//! For task 8: the client of a catalogue that knows the size of each image. It blocks: it is older
//! than async.

use crate::Error;
use crate::api::album;
use crate::blocking::AGENT;
use ureq::http::header;

/// The size of an image in bytes, from the headers of a response. Nothing is downloaded.
pub fn size(link: &str) -> Result<usize, Error> {
    let answer = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
    album::accept(answer.status(), answer.headers())?;
    let length = answer.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.ok_or_else(|| Error::Broken("the catalogue names no size".into()))
}
