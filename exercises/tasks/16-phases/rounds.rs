//! For task 16: an album that is sent in rounds of four images. The links of a round need the token
//! that the server gives out when the round before it has been downloaded.

use crate::api::blocking::{self, AGENT};
use crate::api::{album, files};
use crate::{Error, save};
use ureq::http::header;

/// How many images a round has.
pub const IMAGES: usize = 4;

/// The links of each round.
///
/// Fails if no response arrives, its status isn't 200, or its body is cut short or too slow.
pub fn rounds() -> Result<Vec<Vec<String>>, Error> {
    let links = blocking::album()?;
    Ok(links.chunks_exact(IMAGES).map(<[String]>::to_vec).collect())
}

/// Asks for the token of the round that follows this one. The server gives one out for each round.
///
/// Fails if no response arrives, or its status isn't 200.
pub fn token(round: &[String]) -> Result<usize, Error> {
    let link = round.first().map_or("", String::as_str);
    let response = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
    album::accept(response.status(), response.headers())?;
    let length = response.headers().get(header::CONTENT_LENGTH);
    let token = length.and_then(|length| length.to_str().ok()?.parse().ok());
    token.ok_or_else(|| Error::Broken(format!("no token after {}", files::name(link))))
}

/// Downloads an image with the token of its round, and saves it. The token of the first round is 0.
///
/// Fails as [`blocking::download`] and [`save`] do.
pub fn fetch(link: &str, token: usize) -> Result<(), Error> {
    let image = blocking::download(&format!("{link}?token={token}"))?;
    save(link, &image)
}
