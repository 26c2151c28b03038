//! For task 8: the catalogue, which knows how large each image is, and the library that asks it.
//!
//! The library is from the time before async. Its one function does its work well.

use crate::Error;
use crate::api::album;
use crate::blocking::AGENT;
use ureq::http::header;

/// How many bytes an image has, by the server's word. Nothing is downloaded.
pub fn size(link: &str) -> Result<usize, Error> {
    let answer = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
    album::accept(answer.status(), answer.headers())?;
    let length = answer.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.ok_or_else(|| Error::Broken("the catalogue names no size".into()))
}
