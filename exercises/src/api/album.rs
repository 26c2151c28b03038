//! Where the album is: on the server that a check has started, or on a practice server inside this
//! program. In `api`, only this file uses the crate `shared`.

use super::error::Error;
use shared::Source;
use shared::imgur::{Album, AlbumId};
use std::env;
use std::sync::LazyLock;
use std::time::Duration;
use ureq::http::{HeaderMap, StatusCode, header};

/// The source of the album, found through the same environment variables as in the four programs. A
/// practice server inside this program runs until the program ends.
static SOURCE: LazyLock<Result<Source, shared::Error>> =
    LazyLock::new(|| Source::find(false, None));

/// Sets up TLS for the clients. Must be called before a client is built.
pub fn set_up_tls() {
    shared::http::network::install_crypto();
}

/// Limits how long a response's body may take; in the async client, how long each chunk may take.
///
/// An image of the album `trouble` goes silent, so the limit is short there: 4 s. In any other album
/// only a busy machine is slow, so it is a minute.
pub fn body_timeout() -> Duration {
    let is_trouble = env::var("ALBUM").is_ok_and(|album| album == practice::TROUBLE);
    Duration::from_secs(if is_trouble { 4 } else { 60 })
}

/// The address of the album's list, and the `Authorization` header for it.
pub fn list() -> Result<(String, String), Error> {
    let source = SOURCE.as_ref().map_err(Error::broken)?;
    let album = env::var("ALBUM").unwrap_or_else(|_| practice::ALBUM.into());
    let id: AlbumId = album.parse().map_err(Error::Broken)?;
    let authorization = source.authorization.to_str().map_err(|error| Error::broken(&error))?;
    Ok((source.album_url(&id).into(), authorization.to_owned()))
}

/// The peak of requests in flight, if the practice server runs in this program.
pub fn peak_in_flight() -> Option<usize> {
    let server = SOURCE.as_ref().ok()?.practice.as_ref()?;
    Some(server.observed().peak_in_flight)
}

/// The links in the body of the list's response.
pub fn links(body: &[u8]) -> Result<Vec<String>, Error> {
    let album = Album::parse(body, None).map_err(|error| Error::broken(&error))?;
    match album.rejected.first() {
        Some(rejected) => Err(Error::Broken(format!("{}: {}", rejected.name, rejected.error))),
        None => Ok(album.images.into_iter().map(|image| image.link).collect()),
    }
}

/// Returns an error unless the status is 200.
pub fn accept(status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    if status == StatusCode::OK {
        return Ok(());
    }
    let seconds =
        headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Err(Error::Refused { status: status.as_u16(), retry_after: seconds.map(Duration::from_secs) })
}
