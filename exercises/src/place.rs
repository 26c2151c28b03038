//! Where the album is asked for: at the server that a check holds; without one, in practice mode.

use crate::Fault;
use shared::Source;
use shared::imgur::{Album, AlbumId};
use std::env;
use std::sync::LazyLock;
use std::time::Duration;
use ureq::http::{HeaderMap, StatusCode, header};

/// How long the body of an answer may take.
pub const PATIENCE: Duration = Duration::from_secs(4);

/// By the variables that the four programs know, too. A practice server runs as long as we do.
static SOURCE: LazyLock<Result<Source, shared::Error>> =
    LazyLock::new(|| Source::find(false, None));

/// The address of the album's list, and the `Authorization` header for it.
pub fn list() -> Result<(String, String), Fault> {
    let source = SOURCE.as_ref().map_err(Fault::broken)?;
    let album = env::var("ALBUM").unwrap_or_else(|_| practice::ALBUM.into());
    let id: AlbumId = album.parse().map_err(Fault::Broken)?;
    let authorization = source.authorization.to_str().map_err(|error| Fault::broken(&error))?;
    Ok((source.album_url(&id).into(), authorization.to_owned()))
}

/// How many requests were in flight at once, at most, as the practice server saw it. A server that
/// is not in this program is not ours to ask.
pub fn most_in_flight() -> Option<usize> {
    let server = SOURCE.as_ref().ok()?.practice.as_ref()?;
    Some(server.observed().peak_in_flight)
}

/// The links in the server's answer.
pub fn links(body: &[u8]) -> Result<Vec<String>, Fault> {
    let answer = Album::parse(body, None);
    let album = answer.map_err(|fault| Fault::broken(&fault))?;
    match album.rejected.first() {
        Some(rejected) => Err(Fault::Broken(format!("{}: {}", rejected.name, rejected.error))),
        None => Ok(album.images.into_iter().map(|image| image.link).collect()),
    }
}

/// An error, unless the status is 200.
pub fn accept(status: StatusCode, headers: &HeaderMap) -> Result<(), Fault> {
    if status == StatusCode::OK {
        return Ok(());
    }
    let seconds =
        headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Err(Fault::Refused { status: status.as_u16(), retry_after: seconds.map(Duration::from_secs) })
}
